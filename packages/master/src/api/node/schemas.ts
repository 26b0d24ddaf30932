import Type from 'typebox'

/** What nodes send over the extension; the types are in @slapos/slap (extension.ts), and fields unknown here are kept out of nobody's way. */
const Name = Type.String({ maxLength: 1000 })
const Message = Type.String({ maxLength: 65_536 })
const Time = Type.Number()
const Count = Type.Integer({ minimum: 0 })
const list = <T extends Type.TSchema>(item: T, most = 10_000) => Type.Readonly(Type.Array(item, { maxItems: most }))
const Texts = Type.Record(Type.String(), Type.String())

export const SlavePublicationBody = Type.Object({
  format: Type.Literal(1),
  connections: Type.Record(Type.String(), Texts),
  errors: Type.Optional(Type.Record(Type.String(), Type.String())),
})

export const CertificateBody = Type.Object({ csr: Type.String({ maxLength: 16_384 }) })

export const Since = Type.Object({ since: Type.Optional(Type.String({ pattern: '^[^:\\s]+:[0-9]{1,16}$' })) })
export const PartitionPath = Type.Object({ partition: Name })

const ProcessReport = Type.Object({
  partition: Name,
  name: Name,
  state: Type.Union(
    (['RUNNING', 'STARTING', 'STOPPING', 'STOPPED', 'EXITED', 'BACKOFF', 'FATAL'] as const).map((state) =>
      Type.Literal(state),
    ),
  ),
  pid: Type.Optional(Count),
  since: Time,
  exitCode: Type.Optional(Type.Integer()),
  restarts: Count,
})

const PromiseReport = Type.Object({
  partition: Name,
  name: Name,
  ok: Type.Boolean(),
  message: Message,
  checked: Time,
  since: Time,
  durationMs: Time,
})

const BuildReport = Type.Object({
  url: Type.String({ maxLength: 4096 }),
  phase: Name,
  step: Count,
  steps: Count,
  since: Time,
  failed: Type.Boolean(),
  message: Message,
})

const PartitionReport = Type.Object({
  partition: Name,
  phase: Type.Union(
    (['waiting-release', 'processing', 'deployed', 'failed', 'stopped', 'destroying'] as const).map((phase) =>
      Type.Literal(phase),
    ),
  ),
  since: Time,
  message: Message,
  retryInMs: Type.Optional(Time),
})

const LogReport = Type.Object({ source: Name, offset: Count, lines: list(Message) })

const UsageReport = Type.Object({
  partition: Type.String({ maxLength: 1000 }),
  at: Time,
  cpu: Type.Number({ minimum: 0 }),
  memoryBytes: Count,
  processes: Count,
  diskBytes: Type.Optional(Count),
})

const Removed = Type.Object({ partition: Name, name: Name })

export const TelemetryBody = Type.Object({
  format: Type.Literal(1),
  now: Time,
  agentVersion: Name,
  full: Type.Boolean(),
  processes: list(ProcessReport),
  removedProcesses: list(Removed),
  promises: list(PromiseReport),
  removedPromises: list(Removed),
  builds: list(BuildReport),
  partitions: list(PartitionReport),
  logs: list(LogReport),
  usage: list(UsageReport),
})
