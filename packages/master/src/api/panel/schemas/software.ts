import Type from 'typebox'
import { Nullable, Time } from './common.ts'

export const Release = Type.Object(
  {
    url: Type.String(),
    product: Type.String(),
    productTitle: Type.String(),
    version: Type.String(),
    description: Type.String(),
    added: Time,
    /** Servers that have it, or are about to. */
    servers: Type.Integer(),
    services: Type.Integer(),
  },
  { title: 'Release' },
)

export const Product = Type.Object(
  {
    name: Type.String(),
    title: Type.String(),
    description: Type.String(),
    /** Newest first. */
    releases: Type.Array(Release),
  },
  { title: 'Product' },
)

const JsonSchema = Type.Unknown({
  title: 'JsonSchema',
  description: 'A JSON Schema; its references lead nowhere but into itself.',
})

export const SoftwareForm = Type.Object(
  {
    /** Key in the descriptor: one form. */
    id: Type.String(),
    /** What a request sends. */
    softwareType: Type.String(),
    title: Type.String(),
    description: Type.String(),
    shared: Type.Boolean(),
    index: Type.Number(),
    serialisation: Type.Enum(['xml', 'json-in-xml'], { title: 'Serialisation' }),
    request: JsonSchema,
    response: JsonSchema,
    /** Why a schema that the release names could not be had: `request` or `response` is null then. */
    problem: Nullable(Type.String()),
  },
  { title: 'SoftwareForm' },
)

export const Descriptor = Type.Object(
  {
    url: Type.String(),
    name: Type.String(),
    description: Type.String(),
    /** Sorted: the first is preselected. */
    forms: Type.Array(SoftwareForm),
    /** Why there is no form: the request then uses the raw view. */
    problem: Nullable(Type.String()),
  },
  { title: 'Descriptor' },
)

export const NewRelease = Type.Object({ url: Type.String({ minLength: 1, maxLength: 2000 }) }, { title: 'NewRelease' })
