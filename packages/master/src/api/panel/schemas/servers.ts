import Type from 'typebox'
import { Nullable, Page, Status, Time } from './common.ts'

export const Scope = Type.Enum(['open', 'close/maintenance', 'close/termination', 'close/forever'], { title: 'Scope' })

export const ServerItem = Type.Object(
  {
    computer: Type.String(),
    title: Type.String(),
    scope: Scope,
    project: Type.String(),
    /** The project that shares it with one of his, by title; null: it is of one of his. */
    sharedBy: Nullable(Type.String()),
    status: Status,
    partitionsStatus: Status,
    partitions: Type.Integer(),
    busy: Type.Integer(),
    contact: Nullable(Time),
  },
  { title: 'ServerItem' },
)
export const ServerPage = Page('ServerPage', ServerItem)

const Sharing = Type.Enum(['project', 'named', 'everybody'], { title: 'Sharing' })
const Projects = Type.Array(Type.String({ maxLength: 100 }), { maxItems: 500 })

export const Server = Type.Object(
  {
    ...ServerItem.properties,
    created: Time,
    address: Type.String(),
    agentVersion: Type.String(),
    system: Type.String(),
    sharing: Sharing,
    sharedWith: Type.Array(Type.String()),
    etag: Type.String(),
  },
  { title: 'Server' },
)

export const ServerChange = Type.Object(
  { title: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })), scope: Type.Optional(Scope) },
  { title: 'ServerChange' },
)

/** Who may place services on it: its project, also the named ones, or everybody. */
export const ServerSharing = Type.Object(
  { sharing: Sharing, projects: Type.Optional(Projects) },
  { title: 'ServerSharing' },
)

export const PartitionItem = Type.Object(
  {
    partition: Type.String(),
    addresses: Type.Array(Type.String()),
    instance: Nullable(
      Type.Object({
        reference: Type.String(),
        title: Type.String(),
        service: Type.String(),
        serviceTitle: Type.String(),
        status: Status,
      }),
    ),
  },
  { title: 'PartitionItem' },
)

export const Installation = Type.Object(
  {
    /** MD5 of the URL: the name of the release's folder on the server. */
    id: Type.String(),
    computer: Type.String(),
    computerTitle: Type.String(),
    url: Type.String(),
    product: Type.String(),
    version: Type.String(),
    desired: Type.Enum(['available', 'destroyed']),
    status: Status,
    requested: Time,
    usage: Type.Integer(),
    phase: Type.String(),
    step: Type.Integer(),
    steps: Type.Integer(),
    /** Full text of the last failure. */
    error: Type.String(),
  },
  { title: 'Installation' },
)

/** Where something runs, also as people call it. */
const Where = {
  computer: Type.String(),
  computerTitle: Type.String(),
  partition: Type.String(),
  /** The service whose instance is there; null: of somebody else, or none. */
  service: Nullable(Type.String()),
  serviceTitle: Type.String(),
}

export const Process = Type.Object(
  {
    ...Where,
    name: Type.String(),
    state: Type.String(),
    pid: Nullable(Type.Integer()),
    since: Time,
    restarts: Type.Integer(),
  },
  { title: 'Process' },
)

/** How something was lately, in bars of equal length. */
export const Strip = Type.Object(
  {
    from: Time,
    to: Time,
    bars: Type.Array(Nullable(Type.Number()), { description: 'Share of each that was well; null: not known.' }),
    share: Nullable(Type.Number()),
  },
  { title: 'Strip' },
)

export const PromiseItem = Type.Object(
  {
    ...Where,
    name: Type.String(),
    ok: Type.Boolean(),
    message: Type.String(),
    checked: Time,
    since: Time,
    /** The last 24 hours. */
    strip: Strip,
  },
  { title: 'PromiseItem' },
)

export const Usage = Type.Object(
  {
    points: Type.Array(Type.Object({ at: Time, cpu: Type.Number(), memory: Type.Number(), processes: Type.Number() })),
  },
  { title: 'Usage' },
)

export const LogLines = Type.Object(
  { offset: Type.Integer(), lines: Type.Array(Type.String()), next: Type.Integer() },
  { title: 'LogLines' },
)

export const Command = Type.Object(
  {
    name: Type.Enum(['restart-service', 'stop-service', 'start-service', 'reprocess', 'rebuild'], {
      title: 'CommandName',
    }),
    partition: Type.Optional(Type.String({ maxLength: 100 })),
    service: Type.Optional(Type.String({ maxLength: 200 })),
    url: Type.Optional(Type.String({ maxLength: 2000 })),
  },
  { title: 'Command' },
)

export const JoinToken = Type.Object(
  {
    id: Type.String(),
    title: Type.String(),
    created: Time,
    expires: Time,
    state: Type.Enum(['unused', 'used', 'expired', 'revoked'], { title: 'TokenState' }),
    /** The server that used it. */
    computer: Nullable(Type.String()),
  },
  { title: 'JoinToken' },
)

export const NewJoinToken = Type.Object(
  {
    title: Type.Optional(Type.String({ maxLength: 200 })),
    hours: Type.Optional(Type.Integer({ minimum: 1, maximum: 720, default: 24 })),
  },
  { title: 'NewJoinToken' },
)

export const IssuedJoinToken = Type.Object(
  {
    ...JoinToken.properties,
    /** Shown once. */
    token: Type.String(),
    /** The one line to paste on the new server. */
    command: Type.String(),
    masterUrl: Type.String(),
    webUrl: Type.String(),
  },
  { title: 'IssuedJoinToken' },
)

export const ClientToken = Type.Object(
  {
    id: Type.String(),
    title: Type.String(),
    created: Time,
    expires: Time,
    state: JoinToken.properties.state,
  },
  { title: 'ClientToken' },
)

export const IssuedClientToken = Type.Object(
  {
    id: Type.String(),
    /** Shown once. */
    token: Type.String(),
    expires: Time,
    /** The one line to run where the client is. */
    command: Type.String(),
  },
  { title: 'IssuedClientToken' },
)

export const CertificateItem = Type.Object(
  {
    fingerprint: Type.String(),
    kind: Type.String(),
    subject: Type.String(),
    issued: Time,
    expires: Time,
    revoked: Nullable(Time),
  },
  { title: 'CertificateItem' },
)
