/** Options of the classic node that ask for something which this one does not do: whoever set them must be told. */
const INERT: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  slapos: {
    master_rest_url: 'this node speaks to master_url only',
    manager_list: 'there are no managers here',
    power_user_list: 'processors are not given to users here',
    ipv4_global_network: 'instances are not told of it here',
    instance_storage_home: 'external disks are not given to instances here',
    build_time_part_list: 'releases bring their own parts',
    buildout: 'releases are built without buildout',
  },
  slapformat: {
    create_tap: 'this node makes no tap devices',
    tap_gateway_interface: 'this node makes no tap devices',
    create_tun: 'this node makes no tun devices',
    tun_ipv6: 'this node makes no tun devices',
    input_definition_file: 'partitions are described by slapos.cfg alone',
    output_definition_file: 'the formatted computer is in computer_xml',
    computer_json: 'the formatted computer is in computer_xml',
  },
}

/** Sections of the same kind. */
const INERT_SECTIONS: readonly (readonly [name: RegExp, why: string])[] = [
  [/^firewall$/, 'access to instances is not filtered by this node'],
  [/^networkcache$/, 'releases are built on this node, from their own sources'],
  [/^manager:/, 'there are no managers here'],
]

const OFF = new Set(['', 'false', 'no', 'off', '0', 'none'])

/** One sentence for each. A switch that is off asks for nothing. Pure. */
export function inertOptions(sections: Readonly<Record<string, Readonly<Record<string, string>>>>): readonly string[] {
  return Object.entries(sections).flatMap(([section, values]) => {
    const whole = INERT_SECTIONS.find(([name]) => name.test(section))
    if (whole) return [`section [${section}] has no effect: ${whole[1]}`]
    return Object.entries(INERT[section] ?? {})
      .filter(([option]) => !OFF.has((values[option] ?? '').toLowerCase()))
      .map(([option, why]) => `option ${option} of [${section}] has no effect: ${why}`)
  })
}
