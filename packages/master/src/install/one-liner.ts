export interface OneLinerOptions {
  readonly webUrl: string
  /** Of the script that is served there. */
  readonly sha256: string
  /** True: the web side has a publicly trusted certificate, so that the bare line of the tutorial is safe. */
  readonly publiclyTrusted?: boolean
}

/**
 * The line that a person copies into a root shell. It runs the script only when its content is the one that the
 * person's own, authenticated session of the panel named: the connection that fetches it needs no trust.
 */
export function oneLiner({ webUrl, sha256, publiclyTrusted = false }: OneLinerOptions): string {
  const url = `${webUrl.replace(/\/+$/, '')}/slapos`
  if (publiclyTrusted) return `wget -O slapos ${url} && bash slapos`
  return `wget --no-check-certificate -O slapos ${url} && echo "${sha256}  slapos" | sha256sum -c && bash slapos`
}
