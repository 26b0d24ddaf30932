import type { Static } from 'typebox'
import type { Caller } from '../../domain/cloud.ts'
import type { Member, Membership } from './schemas/index.ts'

export type Role = 'owner' | 'manager' | 'member'

/** People and projects as the panel needs them. */
export interface PeopleDirectory {
  get(person: string): Promise<{ name: string; email: string } | undefined>
  memberships(person: string): Promise<Static<typeof Membership>[]>
  members(caller: Caller, project: string): Promise<Omit<Static<typeof Member>, 'login'>[]>
  rename(caller: Caller, person: string, name: string, email: string): Promise<void>
  /** Makes a person; answers the reference. */
  create(caller: Caller, input: { name: string; email: string }): Promise<string>
  setRole(caller: Caller, project: string, person: string, role: Role): Promise<void>
  remove(caller: Caller, project: string, person: string): Promise<void>
}
