/** Writes requests as fast as it can and prints each title once it is acknowledged, until it is killed. */
import { silentLogger, systemClock } from '@slapos/base'
import { openCatalogue } from '../../catalog/cases.ts'
import { createCloud } from '../../domain/create-cloud.ts'
import { wanted } from '../../domain/testing/world.ts'
import { openStore } from '../index.ts'

const [url = ''] = process.argv.slice(2)
const store = await openStore({ url })
const cloud = await createCloud({ store, clock: systemClock, logger: silentLogger, catalogue: openCatalogue() })
const system = { kind: 'system' } as const
const project = await cloud.projects.create(system, { title: 'storm' })
for (let n = 0; ; n += 1) {
  const titles = [0, 1, 2, 3].map((lane) => `service ${n}.${lane}`)
  await Promise.all(
    titles.map(async (title) => {
      await cloud.instances.request(system, wanted(title, { project }))
      process.stdout.write(`${title}\n`)
    }),
  )
}
