import Type, { type Static, type TSchema } from 'typebox'

/** Null is written out, never left away: a reader of the API sees every field. */
export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])

/** Milliseconds since the epoch, by the Master's clock. */
export const Time = Type.Number()

export const Color = Type.Enum(['green', 'blue', 'yellow', 'red', 'grey'], { title: 'Color' })

/** What an indicator says: computed by the Master in one place, the same for everyone. */
export const Status = Type.Object(
  {
    color: Color,
    /** One word: `running`, `building`, `waiting`... */
    word: Type.String(),
    reason: Type.String(),
    since: Nullable(Time),
  },
  { title: 'Status' },
)
export type Status = Static<typeof Status>

export const Problem = Type.Object(
  {
    code: Type.String({ description: 'One of the codes of docs/errors.md.' }),
    message: Type.String(),
    next: Type.String({ description: 'What to do; empty when that is unknown.' }),
    params: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  },
  { title: 'Problem', description: 'What failed and why, and what to do next.' },
)

/** Sorting, filtering and keyset pagination, the same on every list. */
export const ListQuery = Type.Object(
  {
    q: Type.Optional(Type.String({ maxLength: 200 })),
    color: Type.Optional(Type.String({ maxLength: 60, description: 'Comma-separated colours.' })),
    sort: Type.Optional(Type.String({ maxLength: 40, description: 'Column; `-column` for descending.' })),
    cursor: Type.Optional(Type.String({ maxLength: 500 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
    references: Type.Optional(
      Type.String({
        maxLength: 5000,
        description: 'Comma-separated: only these, where they match the rest; `total` counts all that do.',
      }),
    ),
  },
  { title: 'ListQuery' },
)
export type ListQuery = Static<typeof ListQuery>

export const Page = <T extends TSchema>(title: string, item: T) =>
  Type.Object({ items: Type.Array(item), next: Nullable(Type.String()), total: Type.Integer() }, { title })

export const Done = Type.Object({ done: Type.Literal(true) }, { title: 'Done' })
export const done = { done: true } as const

export const TextMap = Type.Record(Type.String(), Type.String())
