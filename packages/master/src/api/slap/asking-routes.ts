import { isSlapError } from '@slapos/base'
import {
  type Form,
  readRequestForm,
  writeCertificate,
  writeComputerReference,
  writeRequestedInstance,
} from '@slapos/slap'
import type { FastifyInstance } from 'fastify'
import type { Caller } from '../../domain/cloud.ts'
import { sendText, sendXml } from './answers.ts'
import { surfaceErrors } from './errors.ts'
import { BODY_LIMIT, formOf, required } from './form.ts'
import { managedComputer } from './managed-computer.ts'
import type { SlapOptions } from './options.ts'

/** Bounds of the marshalled documents inside a form. */
export const FIELD_LIMITS = { bytes: BODY_LIMIT, values: 400_000 } as const

/** What persons and instances ask for. */
export function askingRoutes(app: FastifyInstance, { cloud, identify, certificates }: SlapOptions): void {
  app.post('/requestComputerPartition', async (request, reply) => {
    const caller = identify(request)
    const answer = await cloud.instances.request(caller, readRequestForm(formOf(request.body), FIELD_LIMITS))
    if (answer.kind === 'allocated') return sendXml(reply, writeRequestedInstance(answer.instance))
    // Clients take 408 as "being provisioned" and ask again.
    reply.code(408).header('cache-control', 'private')
    return sendText(reply, answer.kind === 'waiting' ? answer.reasons.join('\n') : 'there is no such instance')
  })

  app.post('/supplySupply', async (request, reply) => {
    const caller = identify(request)
    const form = formOf(request.body)
    const [url, computer, state] = [required(form, 'url'), required(form, 'computer_id'), form.state || 'available']
    if (state !== 'available' && state !== 'destroyed') {
      throw surfaceErrors.FIELD_INVALID({ field: 'state', reason: 'it is neither available nor destroyed' })
    }
    await cloud.software.supply(caller, computer, url, state)
    return sendText(reply, 'None')
  })

  app.post('/requestComputer', async (request, reply) => {
    const caller = identify(request)
    const form = formOf(request.body)
    const title = required(form, 'computer_title')
    const project = form.project_reference
    const { computer } = await cloud.nodes.create(caller, { title, ...(project && { project }) })
    return sendXml(reply, writeComputerReference(computer))
  })

  const managed = async (caller: Caller, form: Form): Promise<string> => {
    const computer = required(form, 'computer_id')
    await managedComputer(cloud, caller, computer)
    return computer
  }

  app.post('/generateComputerCertificate', async (request, reply) => {
    const computer = await managed(identify(request), formOf(request.body))
    const pair = await certificates.issuePair('computer', computer).catch(undefinedWhenActive)
    // Clients know "still active" by this status only.
    if (pair === undefined) return sendText(reply.code(404), 'Certificate still active.')
    return sendXml(reply, writeCertificate(pair))
  })

  app.post('/revokeComputerCertificate', async (request, reply) => {
    const computer = await managed(identify(request), formOf(request.body))
    const revoked = await certificates.revokeSubject('computer', computer)
    if (revoked === 0) reply.code(404)
    return sendText(reply, revoked === 0 ? 'No certificate' : 'None')
  })
}

function undefinedWhenActive(error: unknown): undefined {
  if (!isSlapError(error) || error.code !== 'CERTIFICATE_ACTIVE') throw error
}
