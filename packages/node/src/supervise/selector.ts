import { titleOf } from './definition.ts'
import type { Selector, ServiceDefinition } from './supervisor.ts'

/** What a typed name means. `missing` is supervisorctl's word when nothing answers to it. */
export function select<T extends Pick<ServiceDefinition, 'partition' | 'name' | 'watch'>>(
  services: readonly T[],
  selector: Selector,
): { readonly found: readonly T[]; readonly missing?: string } {
  if (selector === 'all') return { found: services }
  const [partition = '', name] = selector.includes(':') ? selector.split(':', 2) : ['', selector]
  if (name === '' || name === '*') {
    const found = services.filter((service) => service.partition === partition)
    return found.length > 0 ? { found } : { found, missing: `${selector}: ERROR (no such group)` }
  }
  // The full title wins over the short form: a service may itself be named x-on-watch.
  const found =
    services.find((service) => titleOf(service) === selector) ??
    services.find((service) => service.partition === partition && service.name === name)
  return found ? { found: [found] } : { found: [], missing: `${selector}: ERROR (no such process)` }
}
