/** What the network does to one machine, seen from its cable. */
export interface Weather {
  /** Nothing passes, and nobody is told: open connections are half-open. */
  readonly partitioned: boolean
  /** Share of packets lost in each direction, percent. */
  readonly lossPercent: number
  /** Destinations whose packets vanish on their way out. */
  readonly blackholes: readonly Destination[]
}

export interface Destination {
  readonly ipv4: string
  /** Only this TCP and UDP port. */
  readonly port?: number
}

export const fairWeather: Weather = Object.freeze({ partitioned: false, lossPercent: 0, blackholes: [] })

/**
 * The nftables rules of a segment: one bridge table, replaced as a whole, so that every change is atomic. Addresses
 * are resolved whatever the weather, or a loss of 30 % would mostly measure the neighbour table.
 */
export function weatherRules(ports: ReadonlyMap<string, Weather>): string {
  const rules = [...ports].flatMap(([port, weather]) => portRules(port, weather))
  return [
    'table bridge weather',
    'delete table bridge weather',
    'table bridge weather {',
    // Between machines, and between a machine and the router that owns the switch.
    ...['forward', 'input', 'output'].flatMap((hook) => [
      `  chain ${hook} {`,
      `    type filter hook ${hook} priority 0; policy accept;`,
      ...rules.map((rule) => `    ${rule}`),
      '  }',
    ]),
    '}',
    '',
  ].join('\n')
}

function portRules(port: string, { partitioned, lossPercent, blackholes }: Weather): string[] {
  if (partitioned) return [`iifname "${port}" drop`, `oifname "${port}" drop`]
  const lost = (direction: string) =>
    `${direction} "${port}" ether type != arp numgen random mod 100 < ${lossPercent} drop`
  return [
    ...(lossPercent > 0 ? [lost('iifname'), lost('oifname')] : []),
    ...blackholes.map(({ ipv4, port: only }) => {
      const which = only === undefined ? '' : ` th dport ${only} meta l4proto { tcp, udp }`
      return `iifname "${port}" ip daddr ${ipv4}${which} drop`
    }),
  ]
}
