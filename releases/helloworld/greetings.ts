import type { ControllerSlave, Publication } from '@slapos/release/controller'

interface Greeting {
  readonly reference: string
  readonly message: string
}

export interface Greetings {
  /** What is said at a path, or undefined. */
  at(path: string): string | undefined
  /** All slaves at once. */
  replace(slaves: readonly ControllerSlave[]): Publication
  /** What changed: the work is that of the change, however many greetings there are. */
  change(changed: readonly ControllerSlave[], removed: readonly string[]): Publication
}

const PATH = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/

/** The greetings by path. Of two slaves that want one path, the first keeps it, and the other is told so. */
export function createGreetings(base: string): Greetings {
  const byPath = new Map<string, Greeting>()
  const pathOf = new Map<string, string>()
  /** Slaves whose path was taken or wrong; tried again when a path becomes free. */
  const refused = new Map<string, ControllerSlave>()

  function remove(reference: string): void {
    const path = pathOf.get(reference)
    if (path !== undefined) byPath.delete(path)
    pathOf.delete(reference)
  }

  function add(slaves: readonly ControllerSlave[]): Publication {
    const connections: Record<string, Record<string, string>> = {}
    const errors: Record<string, string> = {}
    for (const slave of slaves) {
      const { reference, parameters } = slave
      const wasRefused = refused.delete(reference)
      remove(reference)
      const { message, path } = greetingOf(parameters, reference)
      const taken = byPath.get(path)
      if (!PATH.test(path)) errors[reference] = `path ${path} must be letters, digits, ".", "_" and "-"`
      else if (taken) errors[reference] = `path ${path} is taken by ${taken.reference}`
      else {
        byPath.set(path, { reference, message })
        pathOf.set(reference, path)
        connections[reference] = { url: `${base}${path}` }
        if (wasRefused) errors[reference] = ''
      }
      if (errors[reference]) refused.set(reference, slave)
    }
    return { connections, errors }
  }

  return {
    at: (path) => byPath.get(path)?.message,
    replace(slaves) {
      byPath.clear()
      pathOf.clear()
      refused.clear()
      return add(slaves)
    },
    change(changed, removed) {
      for (const reference of removed) {
        remove(reference)
        refused.delete(reference)
      }
      return add([...changed, ...refused.values()])
    },
  }
}

function greetingOf(parameters: unknown, reference: string): { message: string; path: string } {
  const given = typeof parameters === 'object' && parameters !== null ? { ...parameters } : {}
  const text = (key: string, otherwise: string) => {
    const value: unknown = Reflect.get(given, key)
    return typeof value === 'string' && value !== '' ? value : otherwise
  }
  return { message: text('message', 'Hello'), path: text('path', reference) }
}
