import type { NodeCommand, Position } from '@slapos/slap'
import type { Reader } from '../store/index.ts'
import type { Change } from './cloud.ts'
import { numberIn, positionOf } from './position.ts'

/** Changes after a position, oldest first; undefined when it is of another epoch, ahead, or already collected. */
export async function changesSince(
  read: Reader,
  epoch: string,
  since: Position,
  limit: number,
): Promise<readonly Change[] | undefined> {
  const after = numberIn(epoch, since)
  const last = await lastNumber(read)
  if (after === undefined || after > last) return undefined
  if (after === last) return []
  const rows = await read
    .selectFrom('outbox')
    .selectAll()
    .where('seq', '>', after)
    .orderBy('seq')
    .limit(limit)
    .execute()
  if (rows[0]?.seq !== after + 1) return undefined
  return rows.map(({ seq, kind, reference, computer, project, revision, gone, command_json }) => ({
    id: positionOf(epoch, seq),
    kind: kind as Change['kind'],
    reference,
    computer,
    project,
    revision,
    ...(gone === 1 ? { gone: true as const } : {}),
    ...(command_json === null ? {} : { command: JSON.parse(command_json) as NodeCommand }),
  }))
}

export async function lastNumber(read: Reader): Promise<number> {
  const row = await read.selectFrom('counter').select('value').where('name', '=', 'change').executeTakeFirstOrThrow()
  return row.value
}
