import Type from 'typebox'
import { Nullable, Time } from './common.ts'

const Role = Type.Enum(['owner', 'manager', 'member'], { title: 'Role' })

export const Project = Type.Object({ project: Type.String(), title: Type.String(), role: Role }, { title: 'Project' })

export const Member = Type.Object(
  { person: Type.String(), login: Type.String(), name: Type.String(), email: Type.String(), role: Role, since: Time },
  { title: 'Member' },
)

export const Invitation = Type.Object(
  {
    id: Type.String(),
    role: Role,
    email: Type.String(),
    created: Time,
    expires: Time,
    state: Type.Enum(['unused', 'used', 'expired', 'revoked']),
  },
  { title: 'Invitation' },
)

export const NewInvitation = Type.Object(
  { role: Role, email: Type.String({ maxLength: 200 }) },
  { title: 'NewInvitation' },
)

export const IssuedInvitation = Type.Object(
  { ...Invitation.properties, link: Type.String() },
  { title: 'IssuedInvitation' },
)

export const JoinByInvitation = Type.Object(
  {
    token: Type.String({ minLength: 1, maxLength: 500 }),
    login: Type.String({ minLength: 2, maxLength: 100 }),
    name: Type.String({ maxLength: 200 }),
    password: Type.String({ minLength: 10, maxLength: 1000 }),
  },
  { title: 'JoinByInvitation' },
)

export const InvitationToken = Type.Object(
  { token: Type.String({ minLength: 1, maxLength: 500 }) },
  { title: 'InvitationToken' },
)

export const RoleChange = Type.Object({ role: Role }, { title: 'RoleChange' })

export const NotificationTarget = Type.Object(
  {
    id: Type.String(),
    kind: Type.Enum(['webhook', 'email'], { title: 'TargetKind' }),
    target: Type.String(),
    enabled: Type.Boolean(),
    lastSent: Nullable(Time),
    lastError: Type.String(),
    /** Of a web hook, to check the signature of what arrives; empty for e-mail. */
    secret: Type.String(),
  },
  { title: 'NotificationTarget' },
)

export const FeedItem = Type.Object(
  { id: Type.String(), title: Type.String(), created: Time, used: Nullable(Time) },
  { title: 'FeedItem' },
)

export const NewFeed = Type.Object({ title: Type.String({ minLength: 1, maxLength: 100 }) }, { title: 'NewFeed' })

export const IssuedFeed = Type.Object(
  { ...FeedItem.properties, opml: Type.String({ description: 'Lists one RSS feed a project.' }) },
  { title: 'IssuedFeed' },
)

export const NewNotificationTarget = Type.Object(
  { kind: Type.Enum(['webhook', 'email']), target: Type.String({ minLength: 3, maxLength: 1000 }) },
  { title: 'NewNotificationTarget' },
)
