import { BlockList, isIP } from 'node:net'
import { hostname, networkInterfaces } from 'node:os'
import type { MasterOptions } from './options.ts'

const ANY = new Set(['0.0.0.0', '::'])

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8)
loopback.addAddress('::1', 'ipv6')

export function isLoopback(host: string): boolean {
  if (host === 'localhost') return true
  const version = isIP(host)
  return version !== 0 && loopback.check(host, version === 4 ? 'ipv4' : 'ipv6')
}

/** Every name and address under which this Master may be reached: what its certificate must say. */
export function serverNames({ api, web, publicUrls }: MasterOptions): string[] {
  const names = new Set(['localhost', '127.0.0.1', '::1'])
  for (const { host } of [api, web]) {
    if (!ANY.has(host)) names.add(host)
    else {
      names.add(hostname())
      for (const { address, scopeid } of Object.values(networkInterfaces()).flatMap((list) => list ?? [])) {
        if (!scopeid) names.add(address) // link-local addresses mean nothing elsewhere
      }
    }
  }
  for (const url of [publicUrls?.api, publicUrls?.web]) if (url) names.add(bare(new URL(url).hostname))
  return [...names].filter((name) => isIP(name) !== 0 || /^[A-Za-z0-9.-]{1,253}$/.test(name))
}

/** `https://[::1]:5443/` of a listener; one on every address is shown by the loopback one. */
export function urlOf(scheme: 'http' | 'https', host: string, port: number): string {
  const shown = ANY.has(host) ? '127.0.0.1' : host
  return new URL(`${scheme}://${isIP(shown) === 6 ? `[${shown}]` : shown}:${port}/`).href
}

export const withSlash = (url: string): string => (url.endsWith('/') ? url : `${url}/`)

const bare = (host: string): string => host.replace(/^\[|\]$/g, '')
