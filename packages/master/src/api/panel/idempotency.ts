import type { FastifyRequest } from 'fastify'
import type { IdempotencyStore } from './idempotency-store.ts'

const running = new Map<string, Promise<unknown>>()

/** Runs `create` once per `Idempotency-Key` and person; a repeat gets the first answer. Without a key: always. */
export async function once<T>(
  { idempotency }: { readonly idempotency: IdempotencyStore },
  request: FastifyRequest,
  create: () => Promise<T>,
): Promise<T> {
  const key = request.headers['idempotency-key']
  if (typeof key !== 'string' || key === '') return create()
  const { person } = request.visitor.scope
  const kept = await idempotency.find(person, key)
  if (kept !== undefined) return JSON.parse(kept) as T // written below, from a T
  const slot = `${person}\n${key}`
  const same = running.get(slot)
  if (same) return same as Promise<T>
  const made = create().then(async (answer) => {
    await idempotency.keep(person, key, JSON.stringify(answer))
    return answer
  })
  running.set(slot, made)
  return made.finally(() => running.delete(slot))
}
