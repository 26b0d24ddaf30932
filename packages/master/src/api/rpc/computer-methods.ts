import Type from 'typebox'
import { surfaceErrors } from '../slap/errors.ts'
import { managedComputer } from '../slap/managed-computer.ts'
import { formattedComputer } from './format.ts'
import { type Method, method, success } from './method.ts'
import {
  CertificateAnswer,
  Computer,
  closed,
  FormatBody,
  listOf,
  Nothing,
  ReleaseState,
  Success,
  Text,
} from './schemas.ts'

const missing = 'COMPUTE-NODE-NOT-FOUND'

/** Methods about compute nodes and the software on them. */
export const computerMethods: Readonly<Record<string, Method>> = {
  'slapos.get.v0.compute_node_status': method({
    request: Computer,
    response: Type.Object({ text: Type.String() }),
    missing,
    run: ({ cloud }, caller, { computer_guid }) => cloud.nodes.status(caller, computer_guid),
  }),
  'slapos.get.v0.hateoas_url': method({
    request: Nothing,
    response: closed({ hateoas_url: Type.String() }),
    missing,
    async run({ hateoasUrl }) {
      const url = hateoasUrl()
      if (url === undefined) throw surfaceErrors.NO_HATEOAS()
      return { hateoas_url: url }
    },
  }),
  'slapos.allDocs.v0.compute_node_software_installation_list': method({
    request: Computer,
    response: listOf(closed({ software_release_uri: Type.String(), state: ReleaseState })),
    missing,
    run: async ({ cloud }, caller, { computer_guid }) => ({
      result_list: (await cloud.nodes.document(caller, computer_guid)).value.installations.map(({ url, state }) => ({
        software_release_uri: url,
        state,
      })),
    }),
  }),
  'slapos.post.v0.software_installation': method({
    request: closed({ computer_guid: Text, software_release_uri: Text, state: Type.Optional(ReleaseState) }),
    response: Success,
    missing: 'SUPPLY-FAILED',
    async run({ cloud }, caller, { computer_guid, software_release_uri, state = 'available' }) {
      await cloud.software.supply(caller, computer_guid, software_release_uri, state)
      return success('State changed')
    },
  }),
  'slapos.put.v0.software_installation_reported_state': method({
    request: closed({
      computer_guid: Text,
      software_release_uri: Text,
      reported_state: Type.Union([Type.Literal('building'), Type.Literal('available'), Type.Literal('destroyed')]),
    }),
    response: Success,
    missing: 'SOFTWARE-INSTALLATION-NOT-FOUND',
    async run({ cloud }, caller, { computer_guid, software_release_uri, reported_state }) {
      await cloud.software.report(caller, computer_guid, software_release_uri, reported_state)
      return success('State reported')
    },
  }),
  'slapos.put.v0.software_installation_error': method({
    request: closed({ computer_guid: Text, software_release_uri: Text, message: Type.String() }),
    response: Success,
    missing: 'SOFTWARE-INSTALLATION-NOT-FOUND',
    async run({ cloud }, caller, { computer_guid, software_release_uri, message }) {
      await cloud.software.error(caller, computer_guid, software_release_uri, message)
      return success('Error reported')
    },
  }),
  'slapos.put.v0.compute_node_bang': method({
    request: closed({ computer_guid: Text, message: Type.String() }),
    response: Success,
    missing,
    async run({ cloud }, caller, { computer_guid, message }) {
      await cloud.nodes.bang(caller, computer_guid, message)
      return success('Bang handled')
    },
  }),
  'slapos.put.v0.compute_node_format': method({
    request: FormatBody,
    response: Success,
    missing,
    async run({ cloud }, caller, input) {
      await cloud.nodes.format(caller, formattedComputer(input))
      return success('Formatted')
    },
  }),
  'slapos.post.v0.compute_node_usage': method({
    request: closed({ computer_guid: Text, tioxml: Text }),
    response: Success,
    missing,
    async run({ cloud }, caller, { computer_guid, tioxml }) {
      await cloud.nodes.consumption(caller, computer_guid, tioxml)
      return success('Usage reported')
    },
  }),
  'slapos.post.v0.compute_node_certificate': method({
    request: Computer,
    response: CertificateAnswer,
    missing,
    async run({ cloud, certificates }, caller, { computer_guid }) {
      await managedComputer(cloud, caller, computer_guid)
      const { certificate, key } = await certificates.issuePair('computer', computer_guid)
      return { certificate, key }
    },
  }),
  'slapos.remove.v0.compute_node_certificate': method({
    request: Computer,
    response: Success,
    missing,
    async run({ cloud, certificates }, caller, { computer_guid }) {
      await managedComputer(cloud, caller, computer_guid)
      const revoked = await certificates.revokeSubject('computer', computer_guid)
      if (revoked === 0) throw surfaceErrors.NO_CERTIFICATE({ subject: computer_guid })
      return success('Certificate removed')
    },
  }),
}
