import Type from 'typebox'
import { Nullable, Time } from './common.ts'

export const LogIn = Type.Object(
  {
    user: Type.String({ minLength: 1, maxLength: 200 }),
    password: Type.String({ minLength: 1, maxLength: 1000 }),
    code: Type.Optional(
      Type.String({ maxLength: 40, description: 'One-time code or recovery code, when the account asks for one.' }),
    ),
  },
  { title: 'LogIn' },
)

export const Membership = Type.Object(
  { project: Type.String(), title: Type.String(), role: Type.Enum(['owner', 'manager', 'member'], { title: 'Role' }) },
  { title: 'Membership' },
)

export const Me = Type.Object(
  {
    person: Type.String(),
    login: Type.String(),
    name: Type.String(),
    email: Type.String(),
    memberships: Type.Array(Membership),
    /** To be sent as `X-CSRF-Token` with every change made with the session cookie. Empty for API tokens. */
    csrf: Type.String(),
    totp: Type.Boolean(),
    recoveryCodes: Type.Integer({ description: 'How many are left.' }),
    masterUrl: Type.String(),
    version: Type.String(),
  },
  { title: 'Me' },
)

export const SessionItem = Type.Object(
  {
    id: Type.String(),
    created: Time,
    used: Time,
    expires: Time,
    address: Type.String(),
    agent: Type.String(),
    current: Type.Boolean(),
  },
  { title: 'SessionItem' },
)

export const ApiTokenItem = Type.Object(
  {
    id: Type.String(),
    title: Type.String(),
    scope: Type.Enum(['read', 'write', 'admin'], { title: 'TokenScope' }),
    project: Nullable(Type.String()),
    created: Time,
    expires: Nullable(Time),
    used: Nullable(Time),
  },
  { title: 'ApiTokenItem' },
)

export const NewApiToken = Type.Object(
  {
    title: Type.String({ minLength: 1, maxLength: 100 }),
    scope: Type.Enum(['read', 'write', 'admin'], {
      description: 'Look; also change; also decide who may what, and change the account.',
    }),
    project: Type.Optional(Type.String({ maxLength: 100, description: 'Only this project.' })),
    days: Type.Integer({ minimum: 1, maximum: 3650 }),
  },
  { title: 'NewApiToken' },
)

export const PasswordChange = Type.Object(
  { current: Type.String({ maxLength: 1000 }), next: Type.String({ minLength: 10, maxLength: 1000 }) },
  { title: 'PasswordChange' },
)

export const TotpSetup = Type.Object({ secret: Type.String(), url: Type.String() }, { title: 'TotpSetup' })

export const TotpConfirmed = Type.Object(
  { recoveryCodes: Type.Array(Type.String(), { description: 'Shown once; each replaces a code, once.' }) },
  { title: 'TotpConfirmed' },
)
