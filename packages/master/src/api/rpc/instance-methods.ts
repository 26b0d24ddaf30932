import Type from 'typebox'
import { surfaceErrors } from '../slap/errors.ts'
import { describe, instanceObject, NOT_READY, textsOf } from './instance-object.ts'
import { type Method, method, success } from './method.ts'
import {
  CertificateAnswer,
  Computer,
  closed,
  Instance,
  InstanceAnswer,
  InstanceOrNotReady,
  InstanceRequestBody,
  listOf,
  Nothing,
  State,
  Success,
  Text,
  Title,
} from './schemas.ts'

const missing = 'SOFTWARE-INSTANCE-NOT-FOUND'
const Message = closed({ instance_guid: Text, message: Type.String() })

/** Methods about instances and instance trees. */
export const instanceMethods: Readonly<Record<string, Method>> = {
  'slapos.post.v0.software_instance': method({
    request: InstanceRequestBody,
    response: InstanceOrNotReady,
    missing,
    async run({ cloud }, caller, input) {
      const answer = await cloud.instances.request(caller, {
        title: input.title,
        releaseUrl: input.software_release_uri,
        softwareType: input.software_type,
        parameters: textsOf(input.parameters),
        filter: textsOf(input.sla_parameters),
        state: input.state ?? 'started',
        shared: input.shared ?? false,
      })
      if (answer.kind === 'nothing') return NOT_READY
      // Persons wait; an instance is told the rest of what it asked for.
      if (answer.kind === 'waiting' && caller.kind === 'person') return NOT_READY
      const guid = answer.kind === 'waiting' ? answer.instanceGuid : answer.instance.instanceGuid
      const addresses = answer.kind === 'waiting' ? { ipList: [], fullIpList: [] } : answer.instance
      return instanceObject(await cloud.instances.get(caller, guid), addresses)
    },
  }),
  'slapos.get.v0.software_instance': method({
    request: Instance,
    response: InstanceAnswer,
    missing,
    run: async (tools, caller, { instance_guid }) =>
      describe(tools, caller, await tools.cloud.instances.get(caller, instance_guid)),
  }),
  'slapos.get.v0.instance_tree': method({
    request: closed({ title: Title }),
    response: InstanceOrNotReady,
    missing: 'INSTANCE-TREE-NOT-FOUND',
    async run(tools, caller, { title }) {
      const root = await tools.cloud.instances.root(caller, title)
      return root.partition === null ? NOT_READY : describe(tools, caller, root)
    },
  }),
  'slapos.get.v0.compute_partition': method({
    request: closed({ computer_guid: Text, compute_partition_id: Text }),
    response: InstanceAnswer,
    missing,
    async run({ cloud }, caller, { computer_guid, compute_partition_id }) {
      const { value } = await cloud.nodes.partition(caller, computer_guid, compute_partition_id)
      if (!value.occupant) throw surfaceErrors.PARTITION_FREE({ partition: `${computer_guid}/${compute_partition_id}` })
      return instanceObject(await cloud.instances.get(caller, value.occupant.instanceGuid), value.occupant)
    },
  }),
  'slapos.get.v0.software_instance_certificate': method({
    request: Instance,
    response: CertificateAnswer,
    missing,
    async run({ cloud, certificates }, caller, { instance_guid }) {
      if (caller.kind === 'person') throw surfaceErrors.NOT_FOR_PERSONS()
      const { computer, partition, shared } = await cloud.instances.get(caller, instance_guid)
      // Only for who sees the partition: the node, and the instance that has it to itself.
      if (computer === null || partition === null || shared) throw surfaceErrors.NOT_FOR_PERSONS()
      await cloud.nodes.partition(caller, computer, partition)
      const { certificate, key } = await certificates.ofInstance(instance_guid)
      return { certificate, key }
    },
  }),
  'slapos.allDocs.v0.instance_tree_list': method({
    request: Nothing,
    response: listOf(closed({ title: Type.String() })),
    missing,
    run: async ({ cloud }, caller) => ({
      result_list: (await cloud.instances.listRoots(caller)).map(({ title }) => ({ title })),
    }),
  }),
  'slapos.allDocs.v0.compute_node_instance_list': method({
    request: Computer,
    response: listOf(
      closed({
        title: Type.String(),
        instance_guid: Type.String(),
        state: State,
        compute_partition_id: Type.String(),
        software_release_uri: Type.String(),
      }),
    ),
    missing: 'COMPUTE-NODE-NOT-FOUND',
    run: async ({ cloud }, caller, { computer_guid }) => ({
      result_list: (await cloud.instances.listOfComputer(caller, computer_guid)).map((view) => ({
        title: view.title,
        instance_guid: view.guid,
        state: view.state,
        compute_partition_id: view.partition ?? '',
        software_release_uri: view.releaseUrl,
      })),
    }),
  }),
  'slapos.allDocs.v0.instance_node_instance_list': method({
    request: Instance,
    response: listOf(
      closed({
        title: Type.String(),
        instance_guid: Type.String(),
        software_type: Type.String(),
        state: State,
        parameters: Type.Record(Type.String(), Type.Unknown()),
        compute_partition_id: Type.String(),
        software_release_uri: Type.String(),
      }),
    ),
    missing: 'HOST-INSTANCE-NOT-FOUND',
    run: async ({ cloud }, caller, { instance_guid }) => ({
      result_list: (await cloud.instances.listSlavesOf(caller, instance_guid)).map((view) => ({
        title: view.title,
        instance_guid: view.guid,
        software_type: view.softwareType,
        state: view.state,
        parameters: view.parameters,
        compute_partition_id: view.partition ?? '',
        software_release_uri: view.releaseUrl,
      })),
    }),
  }),
  'slapos.put.v0.software_instance_reported_state': method({
    request: closed({ instance_guid: Text, reported_state: State }),
    response: Success,
    missing,
    async run({ cloud }, caller, { instance_guid, reported_state }) {
      await cloud.instances.report(caller, { guid: instance_guid }, reported_state)
      return success('State reported')
    },
  }),
  'slapos.put.v0.software_instance_error': method({
    request: Message,
    response: Success,
    missing,
    async run({ cloud }, caller, { instance_guid, message }) {
      await cloud.instances.error(caller, { guid: instance_guid }, message)
      return success('Error reported')
    },
  }),
  'slapos.put.v0.software_instance_bang': method({
    request: Message,
    response: Success,
    missing,
    async run({ cloud }, caller, { instance_guid, message }) {
      await cloud.instances.bang(caller, { guid: instance_guid }, message)
      return success('Bang handled')
    },
  }),
  'slapos.put.v0.software_instance_title': method({
    request: closed({ instance_guid: Text, title: Title }),
    response: Success,
    missing,
    async run({ cloud }, caller, { instance_guid, title }) {
      await cloud.instances.rename(caller, { guid: instance_guid }, title)
      return success('Title updated')
    },
  }),
  'slapos.put.v0.software_instance_connection_parameter': method({
    request: closed({ instance_guid: Text, connection_parameter_dict: Type.Record(Type.String(), Type.Unknown()) }),
    response: Success,
    missing,
    async run({ cloud }, caller, { instance_guid, connection_parameter_dict }) {
      await cloud.instances.publish(caller, { guid: instance_guid }, textsOf(connection_parameter_dict))
      return success('Connection parameters updated')
    },
  }),
}
