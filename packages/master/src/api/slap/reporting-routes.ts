import { isSlapError } from '@slapos/base'
import { type Form, type InstanceState, readFormat, stripUnrepresentable, textsOf } from '@slapos/slap'
import type { FastifyInstance } from 'fastify'
import type { Caller } from '../../domain/cloud.ts'
import { sendText } from './answers.ts'
import { FIELD_LIMITS } from './asking-routes.ts'
import { surfaceErrors } from './errors.ts'
import { formOf, required } from './form.ts'
import type { SlapOptions } from './options.ts'
import { placeOf } from './reading-routes.ts'

type Handler = (caller: Caller, form: Form) => Promise<void>

/** What nodes and instances tell. The text of the answer is what existing Masters say; nobody reads it. */
export function reportingRoutes(app: FastifyInstance, { cloud, identify }: SlapOptions): void {
  const on = (name: string, handler: Handler, said = 'None') =>
    app.post(`/${name}`, async (request, reply) => {
      await handler(identify(request), formOf(request.body))
      return sendText(reply, said)
    })

  on(
    'loadComputerConfigurationFromXML',
    (caller, form) => cloud.nodes.format(caller, readFormat(required(form, 'xml'), FIELD_LIMITS)),
    'Content properly posted.',
  )
  on('computerBang', (caller, form) =>
    cloud.nodes.bang(caller, required(form, 'computer_id'), messageOf(form, 'message')),
  )
  on(
    'useComputer',
    (caller, form) => cloud.nodes.consumption(caller, required(form, 'computer_id'), required(form, 'use_string')),
    'OK',
  )

  const release = (state: 'building' | 'available' | 'destroyed'): Handler => {
    return (caller, form) => cloud.software.report(caller, required(form, 'computer_id'), required(form, 'url'), state)
  }
  on('buildingSoftwareRelease', release('building'))
  on('availableSoftwareRelease', release('available'))
  // A node takes only 404 for "that was not asked for" and goes on with the next release.
  on('destroyedSoftwareRelease', (caller, form) => release('destroyed')(caller, form).catch(refuseUnasked))
  on('softwareReleaseError', (caller, form) =>
    cloud.software.error(caller, required(form, 'computer_id'), required(form, 'url'), messageOf(form, 'error_log')),
  )

  const instance = (state: InstanceState): Handler => {
    return (caller, form) => cloud.instances.report(caller, placeOf(form), state)
  }
  on('startedComputerPartition', instance('started'))
  on('stoppedComputerPartition', instance('stopped'))
  // A node tells it at every report; when nobody asked for it, it means nothing.
  on('destroyedComputerPartition', (caller, form) => instance('destroyed')(caller, form).catch(ignoreUnasked))

  on('softwareInstanceError', (caller, form) =>
    cloud.instances.error(caller, placeOf(form), messageOf(form, 'error_log'), slaveOf(form)),
  )
  on(
    'softwareInstanceBang',
    (caller, form) => cloud.instances.bang(caller, placeOf(form), messageOf(form, 'message')),
    'OK',
  )
  on('softwareInstanceRename', (caller, form) =>
    cloud.instances.rename(caller, placeOf(form), required(form, 'new_name'), slaveOf(form)),
  )
  on('setComputerPartitionConnectionXml', (caller, form) =>
    cloud.instances.publish(caller, placeOf(form), textsOf(form, 'connection_xml', FIELD_LIMITS), slaveOf(form)),
  )
  // Old nodes tell the children that they requested; requests say it already.
  on('updateComputerPartitionRelatedInstanceList', async () => {})
}

/** Clients write an absent value as the four letters of Python's None. */
function slaveOf({ slave_reference: slave }: Form): string | undefined {
  return slave === undefined || slave === '' || slave.toLowerCase() === 'none' ? undefined : slave
}

const messageOf = (form: Form, field: string): string => stripUnrepresentable(form[field] ?? '')

function ignoreUnasked(error: unknown): void {
  if (!isSlapError(error) || error.code !== 'DESTROY_NOT_ASKED') throw error
}

function refuseUnasked(error: unknown): never {
  if (!isSlapError(error) || error.code !== 'DESTROY_NOT_ASKED') throw error
  throw surfaceErrors.DESTRUCTION_UNASKED()
}
