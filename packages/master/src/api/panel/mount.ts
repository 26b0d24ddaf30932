import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Caller } from '../../domain/cloud.ts'
import type { EventHub } from '../../events/index.ts'
import { openStream } from '../../events/index.ts'
import { composePanel, type PanelParts } from './compose.ts'
import { feedSurface } from './feeds/surface.ts'
import { panelSurface } from './index.ts'

export interface PanelMount extends Omit<PanelParts, 'command' | 'events' | 'secureCookies' | 'tellPerson'> {
  readonly events: EventHub
  /** The owner of the request's client certificate; throws when there is none. */
  readonly identify: (request: FastifyRequest) => Caller
  readonly web: FastifyInstance
  /** False: people reach the web side by plain HTTP, on loopback. */
  readonly webTls: boolean
  readonly api: FastifyInstance
}

/** The panel API on both listeners; on the one with client certificates, these tell who asks. Returns the stop. */
export async function mountPanel(mount: PanelMount): Promise<() => Promise<void>> {
  const { events, identify, web, webTls, api, ...parts } = mount
  const panel = composePanel({
    ...parts,
    secureCookies: webTls,
    command: (computer, command) => void events.command(computer, command),
    tellPerson: (person) => events.tellPerson(person),
    events: (request, reply, caller, valid) => openStream(request, reply, events, caller, valid),
  })
  const certificateCaller = (request: FastifyRequest): Caller | undefined => {
    try {
      return identify(request)
    } catch {
      return undefined // another proof may follow
    }
  }
  const prefix = '/api/v1'
  await web.register(panelSurface, { ...panel.options, prefix })
  await web.register(feedSurface, { ...panel.options, prefix: '/feeds' })
  await api.register(panelSurface, { ...panel.options, certificateCaller, secureCookies: true, prefix })
  return panel.close
}
