import Type from 'typebox'
import { Nullable, Status, Time } from './common.ts'

const Counts = Type.Object(
  {
    green: Type.Integer(),
    blue: Type.Integer(),
    yellow: Type.Integer(),
    red: Type.Integer(),
    grey: Type.Integer(),
  },
  { title: 'Counts' },
)

/** A thing that can be opened: a server, a service, a release on a server. */
export const Subject = Type.Object(
  {
    kind: Type.Enum(['server', 'service', 'installation', 'product'], { title: 'SubjectKind' }),
    reference: Type.String(),
    title: Type.String(),
    /** The server of an installation, otherwise empty. */
    parent: Type.String(),
    parentTitle: Type.String(),
    status: Status,
  },
  { title: 'Subject' },
)

export const AuditItem = Type.Object(
  {
    id: Type.String(),
    at: Time,
    actor: Type.String(),
    action: Type.String(),
    subject: Type.String(),
    /** How people call it; the reference where it has no name (any more). */
    subjectTitle: Type.String(),
    detail: Type.String(),
  },
  { title: 'AuditItem' },
)

export const Home = Type.Object(
  {
    servers: Counts,
    services: Counts,
    attention: Type.Array(Subject),
    attentionTotal: Type.Integer(),
    /** First-run steps, in order. */
    checklist: Type.Array(
      Type.Object({
        step: Type.Enum(['server', 'software', 'service', 'running'], { title: 'ChecklistStep' }),
        done: Type.Boolean(),
      }),
    ),
    recent: Type.Array(AuditItem),
  },
  { title: 'Home' },
)

export const SearchAnswer = Type.Object({ items: Type.Array(Subject) }, { title: 'SearchAnswer' })

export const Topology = Type.Object(
  {
    servers: Type.Array(
      Type.Object({
        computer: Type.String(),
        title: Type.String(),
        sharedBy: Nullable(Type.String()),
        status: Status,
        address: Type.String(),
        partitions: Type.Integer(),
        busy: Type.Integer(),
      }),
    ),
    services: Type.Array(
      Type.Object({
        reference: Type.String(),
        title: Type.String(),
        computer: Type.String(),
        instances: Type.Integer(),
        status: Status,
      }),
    ),
    truncated: Type.Boolean(),
  },
  { title: 'Topology' },
)
