import type { Static } from 'typebox'
import type { Place } from '../../queries/queries.ts'
import { measuredSpans, type Past, type Span, STEP_MS, spansOf, stripOf } from '../../telemetry/index.ts'
import type { Server, Strip } from './schemas/index.ts'
import type { TelemetryReader } from './telemetry-reader.ts'

export const BARS = 48

export interface Period {
  readonly from: number
  readonly to: number
}

interface At {
  readonly computer: string
  readonly partition: string
  readonly name: string
}

/** How all was together that is checked at these places. What is gone does not count. */
export async function uptimeOf(
  telemetry: TelemetryReader,
  places: readonly Place[],
  period: Period,
): Promise<Static<typeof Strip>> {
  const changes = await changesOf(telemetry, places, period)
  const now = await Promise.all(
    places.map(async ({ computer, partition }) => [
      ...(await telemetry.promises(computer, partition)).map((item) => keyOf('promise', item)),
      ...(await telemetry.processes(computer, partition)).map((item) => keyOf('process', item)),
    ]),
  )
  return strip(
    now.flat().flatMap((key) => spansOf(changes.get(key) ?? [], period.to)),
    period,
  )
}

/** How each of these promises was. */
export async function promiseStrips(
  telemetry: TelemetryReader,
  promises: readonly At[],
  period: Period,
): Promise<Static<typeof Strip>[]> {
  const changes = await changesOf(telemetry, promises, period)
  return promises.map((promise) => strip(spansOf(changes.get(keyOf('promise', promise)) ?? [], period.to), period))
}

/** Whether a server was in touch: it measures itself all the time. */
export async function contactOf(
  telemetry: TelemetryReader,
  { computer, created, agentVersion }: Pick<Static<typeof Server>, 'computer' | 'created' | 'agentVersion'>,
  period: Period,
): Promise<Static<typeof Strip>> {
  const { measured } = await telemetry.past(computer, period.from)
  // Agents of the existing system tell no measurements: nothing is claimed of them.
  const tells = measured.length > 0 || agentVersion !== ''
  const known = Math.max(period.from, created)
  return strip(tells ? measuredSpans(new Set(measured), STEP_MS, known, period.to) : [], period)
}

function strip(spans: readonly Span[], { from, to }: Period): Static<typeof Strip> {
  const { bars, share } = stripOf(spans, from, to, BARS)
  return { from, to, bars: [...bars], share }
}

/** What changed in that time on the computers of these places, by what it is of. */
async function changesOf(
  telemetry: TelemetryReader,
  places: readonly Pick<Place, 'computer'>[],
  { from }: Period,
): Promise<ReadonlyMap<string, Past['changes']>> {
  const computers = [...new Set(places.map(({ computer }) => computer))]
  const pasts = await Promise.all(
    computers.map(async (computer) =>
      (await telemetry.past(computer, from)).changes.map((change) => ({
        key: keyOf(change.kind, { computer, ...change }),
        change,
      })),
    ),
  )
  const grouped = Map.groupBy(pasts.flat(), ({ key }) => key)
  return new Map([...grouped].map(([key, entries]) => [key, entries.map(({ change }) => change)]))
}

const keyOf = (kind: string, { computer, partition, name }: At) => `${kind} ${computer} ${partition} ${name}`
