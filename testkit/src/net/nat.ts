/**
 * How a home or carrier router translates UDP (RFC 4787 words: mapping / filtering). TCP is always translated as Linux
 * does it.
 *   endpoint-independent  one public port per inner port; anybody may send to it ("full cone")
 *   address-dependent     one public port per inner port; only addresses that were written to may answer
 *   port-dependent        one public port per inner port; only the very endpoint that was written to may answer
 *   symmetric             another public port for every destination; only that endpoint may answer
 */
export type NatKind = 'endpoint-independent' | 'address-dependent' | 'port-dependent' | 'symmetric'

export interface NatRulesOptions {
  readonly kind: NatKind
  /** Interface of the public side. */
  readonly outside: string
  /** Seconds for which an idle UDP mapping lives. */
  readonly udpTimeout: number
}

/** The nftables rules of such a router. */
export function natRules({ kind, outside, udpTimeout }: NatRulesOptions): string {
  const keys = { 'endpoint-independent': [], 'address-dependent': ['ipv4_addr'] }
  const key = kind in keys ? [...keys[kind as keyof typeof keys], 'inet_service'].join(' . ') : undefined
  const address = kind === 'address-dependent'
  const out = `oifname "${outside}"`
  const cone =
    key === undefined
      ? []
      : [
          '  map inner {',
          `    type ${key} : ipv4_addr . inet_service`,
          `    flags dynamic,timeout; timeout ${udpTimeout}s; size 65535;`,
          '  }',
          '  chain arriving {',
          '    type nat hook prerouting priority dstnat; policy accept;',
          `    iifname "${outside}" meta l4proto udp dnat ip to ${address ? 'ip saddr . ' : ''}udp dport map @inner`,
          '  }',
          // After translation: the packet carries the public port, conntrack still knows the inner endpoint.
          '  chain learning {',
          '    type filter hook postrouting priority 300; policy accept;',
          `    ${out} meta l4proto udp update @inner { ${address ? 'ip daddr . ' : ''}udp sport : ct original ip saddr . ct original proto-src }`,
          '  }',
        ]
  return [
    'table ip nat {',
    ...cone,
    '  chain leaving {',
    '    type nat hook postrouting priority srcnat; policy accept;',
    `    ${out} masquerade${kind === 'symmetric' ? ' fully-random' : ''}`,
    '  }',
    '}',
    'table inet guard {',
    '  chain forward {',
    '    type filter hook forward priority 0; policy accept;',
    '    ct status dnat accept',
    `    iifname "${outside}" ct state new drop`,
    '  }',
    '}',
    '',
  ].join('\n')
}
