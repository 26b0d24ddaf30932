/**
 * The package database that apt is shown: only what every Debian machine has. Whatever else a package needs comes with
 * it into the release, so that the release does not depend on what the host happens to have.
 */

interface Stanza {
  readonly name: string
  readonly text: string
  readonly essential: boolean
  readonly needs: readonly string[]
  readonly provides: readonly string[]
}

/** `status` is the host's /var/lib/dpkg/status. Packages of `without` are shown as installed too: they are not fetched. */
export function baseStatus(status: string, without: readonly string[], architecture: string): string {
  const stanzas = status
    .split(/\n\n+/)
    .filter((text) => /^Status: .* installed$/m.test(text))
    .map(parse)
  const byName = new Map<string, Stanza[]>()
  for (const stanza of stanzas) {
    for (const name of [stanza.name, ...stanza.provides]) byName.set(name, [...(byName.get(name) ?? []), stanza])
  }
  const kept = new Set<Stanza>()
  const open = stanzas.filter((stanza) => stanza.essential)
  for (let next = open.pop(); next; next = open.pop()) {
    if (kept.has(next)) continue
    kept.add(next)
    open.push(...next.needs.flatMap((name) => byName.get(name) ?? []))
  }
  const faked = without.map((name) =>
    [
      `Package: ${name}`,
      'Status: install ok installed',
      'Priority: optional',
      'Maintainer: nobody <nobody@invalid>',
      `Architecture: ${architecture}`,
      'Multi-Arch: foreign',
      'Version: 1:9999',
      'Description: the release does without it',
    ].join('\n'),
  )
  const real = [...kept].filter((stanza) => !without.includes(stanza.name)).map((stanza) => stanza.text)
  return `${[...real, ...faked].map((text) => text.trim()).join('\n\n')}\n`
}

function parse(text: string): Stanza {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(text)?.[1] ?? ''
  const names = (value: string) =>
    value
      .split(/[,|]/)
      .map((part) => part.trim().replace(/[ :(].*$/, ''))
      .filter(Boolean)
  return {
    name: field('Package'),
    text,
    essential: field('Essential') === 'yes',
    needs: [...names(field('Pre-Depends')), ...names(field('Depends'))],
    provides: names(field('Provides')),
  }
}
