import { execFile } from 'node:child_process'
import type { Namespace } from './namespace.ts'
import { fairWeather, type Weather, weatherRules } from './weather.ts'

/** A switch: one bridge in a namespace of ours, with a port for each machine. */
export interface Segment {
  /** Lays a cable from a new port to a new interface in the machine. */
  attach(machine: Namespace, interfaceName: string, address: InterfaceAddress): Promise<Port>
}

export interface InterfaceAddress {
  /** `ADDRESS/PREFIX`. */
  readonly ipv4: string
  readonly ipv6?: string
  /** Next hop of the default route; absent: everything is on this link. */
  readonly gateway?: string
}

/** The switch's end of the cable. */
export interface Port {
  weather(): Weather
  change(change: Partial<Weather>): Promise<void>
  /** Pulls the cable out (the machine sees no carrier), or puts it back. */
  plug(connected: boolean): Promise<void>
  /** Limits both directions. */
  rate(kilobitsPerSecond: number | undefined): Promise<void>
}

export async function createSegment(place: Namespace, bridge: string): Promise<Segment> {
  await place.run(['ip', '-batch', '-'], { input: `link add ${bridge} type bridge\nlink set ${bridge} up\n` })
  const weathers = new Map<string, Weather>()
  let count = 0

  return {
    async attach(machine, interfaceName, { ipv4, ipv6, gateway }) {
      const name = `${bridge}p${++count}`
      await lay(place, machine, name, interfaceName)
      await place.run(['ip', '-batch', '-'], { input: `link set ${name} master ${bridge}\nlink set ${name} up\n` })
      const lines = [
        `link set ${interfaceName} up`,
        `address add ${ipv4} dev ${interfaceName}`,
        ...(ipv6 === undefined ? [] : [`address add ${ipv6} dev ${interfaceName} nodad`]),
        gateway === undefined ? `route add default dev ${interfaceName}` : `route add default via ${gateway}`,
      ]
      await machine.run(['ip', '-batch', '-'], { input: `${lines.join('\n')}\n` })
      weathers.set(name, fairWeather)
      return {
        weather: () => weathers.get(name) ?? fairWeather,
        async change(change) {
          weathers.set(name, { ...(weathers.get(name) ?? fairWeather), ...change })
          await place.run(['nft', '-f', '-'], { input: weatherRules(weathers) })
        },
        async plug(connected) {
          await place.run(['ip', 'link', 'set', name, connected ? 'up' : 'down'])
        },
        async rate(kilobitsPerSecond) {
          await limit(place, name, kilobitsPerSecond)
          await limit(machine, interfaceName, kilobitsPerSecond)
        },
      }
    },
  }
}

/** A veth pair made directly between two namespaces: no end of it is ever in the machine's own. */
async function lay(from: Namespace, to: Namespace, fromName: string, toName: string): Promise<void> {
  // `netns PID` is read in the caller's process namespace, so this one command runs with the machine's view of it.
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const words = ['link', 'add', fromName, 'netns', String(from.pid), 'type', 'veth', 'peer', 'name', toName]
  execFile('ip', [...words, 'netns', String(to.pid)], (error) => (error ? reject(error) : resolve()))
  await promise
}

async function limit(place: Namespace, name: string, kilobits: number | undefined): Promise<void> {
  if (kilobits === undefined) {
    await place.exec(['tc', 'qdisc', 'del', 'dev', name, 'root'])
    return
  }
  const bucket = ['tbf', 'rate', `${kilobits}kbit`, 'burst', '16kb', 'latency', '200ms']
  await place.run(['tc', 'qdisc', 'replace', 'dev', name, 'root', ...bucket])
}
