export interface OneLinerOptions {
  readonly webUrl: string
  /** Of the script that is served there. */
  readonly sha256: string
  /** Already filled in: the line then asks nothing. It is in no URL, and in no list of processes. */
  readonly token?: string
  /** Of the computer. */
  readonly title?: string
  /** True: the web side has a publicly trusted certificate, so that the bare line of the tutorial is safe. */
  readonly publiclyTrusted?: boolean
}

/**
 * The line that a person copies into a root shell. It runs the script only when its content is the one that the
 * person's own, authenticated session of the panel named: the connection that fetches it needs no trust.
 */
export function oneLiner({ webUrl, sha256, token, title = '', publiclyTrusted = false }: OneLinerOptions): string {
  const url = `${webUrl.replace(/\/+$/, '')}/slapos`
  const settings = [
    ...(token === undefined ? [] : [`SLAPOS_TOKEN=${quoted(token)} `]),
    ...(title === '' ? [] : [`SLAPOS_NAME=${quoted(title)} `]),
  ].join('')
  if (publiclyTrusted) return `wget -O slapos ${quoted(url)} && ${settings}bash slapos`
  const check = `echo "${sha256}  slapos" | sha256sum -c`
  return `wget --no-check-certificate -O slapos ${quoted(url)} && ${check} && ${settings}bash slapos`
}

const quoted = (word: string): string =>
  /^[A-Za-z0-9_.:/[\]-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
