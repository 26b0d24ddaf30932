import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { it } from 'node:test'
import type { Status } from '../api/panel/schemas/index.ts'
import { indicator } from '../domain/indicator/indicator.ts'
import { type InstanceFacts, instanceIndicator, serviceIndicator } from '../domain/indicator/instance-indicator.ts'
import { type ExplainedPart, explainServer, explainService } from './explain.ts'
import { toStatus } from './indicators.ts'

const now = 1_000_000_000
const ago = (seconds: number) => now - seconds * 1000
const connected = indicator('green', 'Connected', '', ago(9999))
const report = (seconds: number, text: string, detail = '') => ({ text, detail, at: now, since: ago(seconds) })

/** A service of one instance that runs, but for what is given. */
function alone(facts: Partial<InstanceFacts>): string {
  const found = instanceIndicator({
    desired: 'started',
    shared: false,
    createdAt: ago(600),
    computer: connected,
    waiting: [],
    waitingSince: null,
    status: report(540, '#access Instance correctly started'),
    reportedState: facts.desired ?? 'started',
    published: false,
    installation: undefined,
    failingPromises: [],
    failingProcesses: [],
    ...facts,
  })
  const desired = facts.desired ?? 'started'
  const computer = 'computer' in facts && facts.computer === undefined ? null : 'COMP-0'
  return service(desired, [part('web', 'SOFTINST-7', computer, toStatus(found))])
}

const part = (title: string, reference: string, computer: string | null, status: Status): ExplainedPart => ({
  title,
  reference,
  computer,
  status,
})

function service(desired: 'started' | 'stopped' | 'destroyed', parts: readonly ExplainedPart[]): string {
  const sum = serviceIndicator(
    desired,
    parts.map(({ title, status: { color, word, reason, since } }) => ({
      title,
      ...indicator(color, word, reason, since),
    })),
  )
  const computer = parts[0]?.computer ?? null
  return explainService(
    { title: 'web', desired, computer, status: toStatus(sum), releaseUrl: 'https://example.org/web.tgz' },
    parts,
    now,
  )
}

const node = (word: string, reason: string, color: Status['color'], since = ago(7200)) =>
  explainServer('rack 3', 'COMP-3', { word, reason, color, since }, now)

it('every state is one paragraph that says what is so, since when, why, and what to do', async () => {
  const unbuilt = { status: undefined, reportedState: '' }
  const green = toStatus(indicator('green', 'Started', '', ago(3000)))
  const cases: Readonly<Record<string, string>> = {
    runs: alone({}),
    'runs since now': alone({ status: report(0, '#access Instance correctly started') }),
    stopped: alone({ desired: 'stopped' }),
    'stopped, never placed': alone({ desired: 'stopped', computer: undefined }),
    stopping: alone({ desired: 'stopped', reportedState: 'started' }),
    starting: alone({ ...unbuilt, createdAt: ago(3) }),
    'no place': alone({ computer: undefined, waiting: ['no node of the project has a free partition'] }),
    'no node with its release': alone({ computer: undefined, waiting: ['COMP-0 lacks the release'] }),
    'its release is requested': alone({
      ...unbuilt,
      installation: indicator('grey', 'Requested', 'the node has not begun yet', ago(60)),
    }),
    'its release is being built': alone({
      ...unbuilt,
      installation: indicator('yellow', 'Building', 'step 2 of 4: npm', ago(60)),
    }),
    'its release cannot be built': alone({
      ...unbuilt,
      installation: indicator('red', 'Failed', 'cannot build x: no space left on device.\n  at line 7', ago(60)),
    }),
    'its release failed with pages of output': alone({
      ...unbuilt,
      installation: indicator('red', 'Failed', `line 1\n${'more output\n'.repeat(100)}`, ago(60)),
    }),
    'fails to start': alone({ status: report(75, '#error x', 'port must be integer. Correct the parameters.') }),
    'fails to stop': alone({ desired: 'stopped', status: report(75, '#error it does not end') }),
    'a promise fails': alone({
      failingPromises: [
        { name: 'port', message: 'connection refused', since: ago(90) },
        { name: 'disk', message: 'full', since: ago(1) },
      ],
    }),
    'a process keeps ending': alone({ failingProcesses: [{ name: 'httpd', state: 'BACKOFF', since: ago(100_000) }] }),
    'its node is lost': alone({ computer: indicator('red', 'Lost', 'no contact for 20 min', ago(1200)) }),
    'its node was never seen': alone({
      computer: indicator('grey', 'Never seen', 'the node has not contacted the Master yet', ago(1200)),
    }),
    'a slave is served': alone({ shared: true, published: true, status: undefined }),
    'a slave waits': alone({ shared: true, status: undefined }),
    'a slave is refused': alone({ shared: true, status: report(200_000, '#error the name is taken') }),
    'being destroyed': alone({ desired: 'destroyed' }),
    destroyed: service('destroyed', []),
    'one of three instances is not well': service('started', [
      part('web', 'SOFTINST-7', 'COMP-0', green),
      part(
        'cache',
        'SOFTINST-8',
        'COMP-1',
        toStatus(indicator('red', 'Failing', 'port: connection refused.', ago(30))),
      ),
      part('db', 'SOFTINST-9', 'COMP-2', green),
    ]),
    'seven of eight instances are not well': service('started', [
      part('web', 'SOFTINST-1', 'COMP-0', green),
      ...[2, 3, 4, 5, 6, 7, 8].map((n) =>
        part(`cache${n}`, `SOFTINST-${n}`, 'COMP-1', toStatus(indicator('yellow', 'Starting', '', ago(30)))),
      ),
    ]),
    'a node is connected': node('Connected', '', 'green'),
    'a node was never seen': node('Never seen', 'the node has not contacted the Master yet', 'grey'),
    'a node is lost': node('Lost', 'no contact for 2 h', 'red'),
    'a node complains': node('Error', 'disk is full', 'red'),
  }
  const shown = Object.entries(cases).map(([name, text]) => `${name}\n  ${text}\n`)
  const golden = await readFile(join(import.meta.dirname, 'golden/why.golden'), 'utf8')
  assert.equal(shown.join('\n'), golden)
})
