/** Options of slapos.cfg that this node reads. */
const READ: Readonly<Record<string, readonly string[]>> = {
  slapos: [
    'computer_id',
    'master_url',
    'key_file',
    'cert_file',
    'master_ca_file',
    'certificate_repository_path',
    'software_root',
    'instance_root',
    'root_check',
    'maximum_periodicity',
    'promise_timeout',
    'partition_timeout',
    'partition-timeout',
    'software_min_free_space',
    'instance_min_free_space',
    'parallel_partitions',
    'partition_memory_limit',
    'partition_process_limit',
    'partition_cpu_limit',
    'mode',
    'state_directory',
    'runtime_directory',
    'log_directory',
  ],
  slapformat: [
    'interface_name',
    'ipv6_interface',
    'ipv6_prefixshift',
    'partition_has_ipv6_range',
    'ipv4_local_network',
    'tap_base_name',
    'tap_ipv6',
    'partition_amount',
    'partition_base_name',
    'user_base_name',
    'software_user',
    'alter_user',
    'alter_network',
    'computer_xml',
    'instance_storage_home',
    'log_file',
  ],
}

/** Of the classic node: accepted without effect. Those that somebody would miss are told (`inert-options.ts`). */
const IGNORED: Readonly<Record<string, readonly string[]>> = {
  slapos: [
    'master_rest_url',
    'shared_part_list',
    'build_time_part_list',
    'buildout',
    'forbid_supervisord_automatic_launch',
    'maximal_delay',
    'ipv4_global_network',
    'manager_list',
    'power_user_list',
    'pidfile',
    'pidfile_software',
    'pidfile_instance',
    'pidfile_report',
    'develop',
    'collect_cache',
    'instance_storage_home',
  ],
  slapformat: [
    'create_tap',
    'tap_gateway_interface',
    'create_tun',
    'tun_ipv6',
    'computer_json',
    'input_definition_file',
    'output_definition_file',
    'computer_model_id',
    'heating_sensor_id',
  ],
}

const FREE_SECTIONS =
  /^(networkcache|firewall|disabled-firewall|collect|slapproxy|slapconsole|manager:.*|multimaster\/.*)$/

/** One sentence for each. Pure. */
export function unknownOptions(sections: Readonly<Record<string, Readonly<Record<string, string>>>>): string[] {
  return Object.entries(sections).flatMap(([section, values]) => {
    if (FREE_SECTIONS.test(section)) return []
    const known = [...(READ[section] ?? []), ...(IGNORED[section] ?? [])]
    if (known.length === 0) return [`unknown section [${section}]`]
    return Object.keys(values)
      .filter((option) => !known.includes(option))
      .map((option) => `unknown option ${option} of [${section}]`)
  })
}
