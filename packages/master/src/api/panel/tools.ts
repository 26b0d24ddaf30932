import Type, { type TSchema } from 'typebox'
import { panelErrors } from './errors.ts'

/** What a route promises, for the OpenAPI document and for the types of its handler. */
export function answers<const T extends TSchema>(tag: string, id: string, summary: string, answer: T) {
  return { tags: [tag], operationId: id, summary, response: { 200: answer } } as const
}

export const params = <const K extends string>(...names: K[]) =>
  Type.Object(
    Object.fromEntries(names.map((name) => [name, Type.String({ maxLength: 500 })])) as Record<
      K,
      ReturnType<typeof Type.String>
    >,
  )

/** The version that a change starts from: the `etag` of what was read, or `*` for any. */
export const IfMatch = Type.Object({ 'if-match': Type.Optional(Type.String({ maxLength: 200 })) })

/** The same key again, within a day, answers what the first answered. */
export const IdempotencyKey = Type.Object({ 'idempotency-key': Type.Optional(Type.String({ maxLength: 200 })) })

/** The value, or "does not exist" in words. */
export function there<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw panelErrors.NOT_THERE({ what })
  return value
}

/** Writes say from which version they start; another one there now is a refusal, not a silent overwrite. */
export function checkVersion(ifMatch: string | undefined, etag: string, what: string): void {
  if (ifMatch === undefined) throw panelErrors.VERSION_NEEDED()
  if (ifMatch !== '*' && ifMatch.replaceAll('"', '') !== etag) throw panelErrors.CHANGED_MEANWHILE({ what })
}
