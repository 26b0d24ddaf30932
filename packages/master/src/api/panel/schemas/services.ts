import Type from 'typebox'
import { Nullable, Page, Status, TextMap, Time } from './common.ts'

export const State = Type.Enum(['started', 'stopped', 'destroyed'], { title: 'State' })

export const ServiceItem = Type.Object(
  {
    reference: Type.String(),
    title: Type.String(),
    product: Type.String(),
    version: Type.String(),
    releaseUrl: Type.String(),
    softwareType: Type.String(),
    shared: Type.Boolean(),
    desired: State,
    computer: Nullable(Type.String()),
    /** How people call that server. */
    computerTitle: Nullable(Type.String()),
    project: Type.String(),
    created: Time,
    status: Status,
  },
  { title: 'ServiceItem' },
)
export const ServicePage = Page('ServicePage', ServiceItem)

export const ServiceChoices = Type.Object(
  { guid: Type.String(), title: Type.String(), computer: Type.String() },
  { title: 'ServiceChoice' },
)

export const ConnectionParameter = Type.Object(
  {
    key: Type.String(),
    /** From the response schema, otherwise the key. */
    title: Type.String(),
    description: Type.String(),
    value: Nullable(Type.String()),
    secret: Type.Boolean(),
    kind: Type.Enum(['text', 'link', 'lines'], { title: 'ValueKind' }),
  },
  { title: 'ConnectionParameter' },
)

export const Connection = Type.Object(
  {
    parameters: Type.Array(ConnectionParameter),
    /** Why nothing, or not everything, is published yet. */
    missing: Nullable(Type.String()),
  },
  { title: 'Connection' },
)

export const InstanceNode = Type.Object(
  {
    reference: Type.String(),
    parent: Nullable(Type.String()),
    title: Type.String(),
    softwareType: Type.String(),
    shared: Type.Boolean(),
    desired: State,
    computer: Nullable(Type.String()),
    computerTitle: Nullable(Type.String()),
    partition: Nullable(Type.String()),
    status: Status,
  },
  { title: 'InstanceNode' },
)

export const Service = Type.Object(
  {
    ...ServiceItem.properties,
    parameters: TextMap,
    filter: TextMap,
    etag: Type.String(),
    connection: Connection,
    instances: Type.Array(InstanceNode),
    /** Newer release of the same product, when there is one. */
    upgrade: Nullable(Type.Object({ url: Type.String(), version: Type.String() })),
    /** What else stops working when it is destroyed. */
    dependents: Type.Array(Type.Object({ reference: Type.String(), title: Type.String() })),
  },
  { title: 'Service' },
)

export const EarlierVersion = Type.Object(
  {
    id: Type.String(),
    /** When something else was asked for. */
    until: Time,
    replacedBy: Type.String(),
    releaseUrl: Type.String(),
    version: Type.String(),
    softwareType: Type.String(),
    parameters: TextMap,
    filter: TextMap,
  },
  { title: 'EarlierVersion' },
)

export const NewService = Type.Object(
  {
    title: Type.String({ minLength: 1, maxLength: 200 }),
    releaseUrl: Type.String({ minLength: 1, maxLength: 2000 }),
    softwareType: Type.String({ maxLength: 200 }),
    shared: Type.Boolean(),
    parameters: TextMap,
    filter: TextMap,
    project: Type.Optional(Type.String()),
  },
  { title: 'NewService' },
)

export const ServiceChange = Type.Object(
  {
    releaseUrl: Type.Optional(Type.String({ minLength: 1, maxLength: 2000 })),
    softwareType: Type.Optional(Type.String({ maxLength: 200 })),
    parameters: Type.Optional(TextMap),
    filter: Type.Optional(TextMap),
    state: Type.Optional(Type.Enum(['started', 'stopped'])),
  },
  { title: 'ServiceChange' },
)

export const Destruction = Type.Object(
  { title: Type.String({ description: 'The title, typed again.' }) },
  { title: 'Destruction' },
)

export const Why = Type.Object(
  {
    reference: Type.String(),
    title: Type.String(),
    status: Status,
    /** One paragraph: what happens, why, since when, what to do. */
    text: Type.String(),
    facts: Type.Array(Type.Object({ label: Type.String(), value: Type.String() })),
  },
  { title: 'Why' },
)
