import type { Static } from 'typebox'
import type { Place } from '../../queries/queries.ts'
import { measuredSpans, type Span, STEP_MS, spansOf, stripOf } from '../../telemetry/index.ts'
import type { Server, Uptime } from './schemas/index.ts'
import type { TelemetryReader } from './telemetry-reader.ts'

export const BARS = 48

export interface Period {
  readonly from: number
  readonly to: number
}

/** How what runs at these places was: each promise, and all that is checked together. What is gone does not count. */
export async function uptimeOf(
  telemetry: TelemetryReader,
  places: readonly Place[],
  { from, to }: Period,
): Promise<Static<typeof Uptime>> {
  const computers = [...new Set(places.map(({ computer }) => computer))]
  const pasts = new Map(
    await Promise.all(computers.map(async (computer) => [computer, await telemetry.past(computer, from)] as const)),
  )
  const tracks = (
    await Promise.all(
      places.map(async ({ computer, partition }) => {
        const now = [
          ...(await telemetry.promises(computer, partition)).map((item) => ({ kind: 'promise' as const, ...item })),
          ...(await telemetry.processes(computer, partition)).map((item) => ({ kind: 'process' as const, ...item })),
        ]
        const changes = Map.groupBy(pasts.get(computer)?.changes ?? [], keyOf)
        return now.map((item) => ({ ...item, spans: spansOf(changes.get(keyOf(item)) ?? [], to) }))
      }),
    )
  ).flat()
  const strip = (spans: readonly Span[]) => {
    const { bars, share } = stripOf(spans, from, to, BARS)
    return { bars: [...bars], share }
  }
  return {
    ...{ from, to, whole: strip(tracks.flatMap(({ spans }) => spans)) },
    promises: tracks
      .filter(({ kind }) => kind === 'promise')
      .map(({ computer, partition, name, spans }) => ({ computer, partition, name, strip: strip(spans) })),
  }
}

/** Whether a server was in touch: it measures itself all the time. */
export async function contactOf(
  telemetry: TelemetryReader,
  { computer, created, agentVersion }: Pick<Static<typeof Server>, 'computer' | 'created' | 'agentVersion'>,
  { from, to }: Period,
) {
  const { measured } = await telemetry.past(computer, from)
  // Agents of the existing system tell no measurements: nothing is claimed of them.
  const tells = measured.length > 0 || agentVersion !== ''
  const spans = tells ? measuredSpans(new Set(measured), STEP_MS, Math.max(from, created), to) : []
  const { bars, share } = stripOf(spans, from, to, BARS)
  return { bars: [...bars], share }
}

const keyOf = (item: { readonly kind: string; readonly partition: string; readonly name: string }) =>
  `${item.kind} ${item.partition} ${item.name}`
