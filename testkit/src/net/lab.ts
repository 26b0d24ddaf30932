import { type Host, hostOn } from './host.ts'
import { type Namespace, openNamespace } from './namespace.ts'
import { type NatKind, natRules } from './nat.ts'
import { createSegment, type Segment } from './segment.ts'

/** An internet of our own, with machines and routers on it. No part of it is visible in the machine's own network. */
export interface Lab {
  addHost(options?: HostOptions): Promise<Host>
  addNat(options: NatOptions): Promise<Nat>
  /** Ends every process of the lab; everything else goes with them. */
  close(): Promise<void>
}

export interface HostOptions {
  /** Default `hostN`; it is also its host name. */
  readonly name?: string
  /** Public address; default the next of 203.0.113.0/24 (or of the router's 192.168.N.0/24). */
  readonly ipv4?: string
  /** `ADDRESS/PREFIX`. Default none but the link-local one. */
  readonly ipv6?: string
  /** Default `fresh`: the files of a newly installed Debian machine. `machine`: the files of this machine. */
  readonly files?: 'fresh' | 'machine'
  /** With `fresh`: directories of this machine that it also sees, read-only, at the same place. */
  readonly show?: readonly string[]
}

export interface NatOptions {
  readonly kind: NatKind
  readonly name?: string
  readonly ipv4?: string
  /** Seconds for which an idle UDP mapping lives. Default 60. */
  readonly udpTimeout?: number
}

/** A router and the private network behind it. Its own weather is that of its public side. */
export interface Nat extends Host {
  addHost(options?: HostOptions): Promise<Host>
}

export async function createLab(): Promise<Lab> {
  const namespaces: Namespace[] = []
  const counters = { hosts: 0, nats: 0, addresses: 0 }
  const open = async (name: string, options: HostOptions) => {
    const { files = 'fresh', show = [] } = options
    const namespace = await openNamespace({ name, files, show })
    namespaces.push(namespace)
    return namespace
  }
  const close = async () => {
    await Promise.all(namespaces.splice(0).map((namespace) => namespace.close()))
  }

  const internet = await open('internet', { files: 'machine' })
  const street = await createSegment(internet, 'net')
  const nextPublic = () => `203.0.113.${++counters.addresses}`

  const place = async (segment: Segment, options: HostOptions, ipv4: string, gateway?: string): Promise<Host> => {
    const namespace = await open(options.name ?? `host${++counters.hosts}`, options)
    const port = await segment.attach(namespace, 'eth0', {
      ipv4: `${ipv4}/24`,
      ...(options.ipv6 === undefined ? {} : { ipv6: options.ipv6 }),
      ...(gateway === undefined ? {} : { gateway }),
    })
    return hostOn(namespace, port, ipv4)
  }

  return {
    addHost: (options = {}) => place(street, options, options.ipv4 ?? nextPublic()),
    async addNat({ kind, name, ipv4, udpTimeout = 60 }) {
      const number = ++counters.nats
      const router = await place(street, { name: name ?? `nat${number}`, files: 'machine' }, ipv4 ?? nextPublic())
      const inside = await createSegment(router, 'lan')
      const gateway = `192.168.${number}.1`
      await router.run(['ip', 'address', 'add', `${gateway}/24`, 'dev', 'lan'])
      await router.run(['sysctl', '-q', '-w', 'net.ipv4.ip_forward=1'])
      await router.run(['nft', '-f', '-'], { input: natRules({ kind, outside: 'eth0', udpTimeout }) })
      let count = 1
      return {
        ...router,
        addHost: (options = {}) => place(inside, options, options.ipv4 ?? `192.168.${number}.${++count}`, gateway),
      }
    },
    close,
  }
}
