import { type InstanceRequest, masterFailure } from '@slapos/slap'
import type { Peer } from './master.ts'

export const RELEASE = 'https://example.org/demo/1.0.0/'

export const wanted = (title: string, more: Partial<InstanceRequest> = {}): InstanceRequest => ({
  title,
  releaseUrl: RELEASE,
  softwareType: 'default',
  parameters: {},
  filter: {},
  state: 'started',
  shared: false,
  ...more,
})

/** Asks until it is there, as clients do. */
export async function placed(who: Peer, asked: InstanceRequest) {
  for (const deadline = Date.now() + 60_000; ; ) {
    try {
      return await who.request(asked)
    } catch (error) {
      if (masterFailure(error) !== 'not-ready' || Date.now() > deadline) throw error
    }
  }
}
