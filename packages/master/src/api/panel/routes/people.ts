import Type from 'typebox'
import type { TokenRecord } from '../../../identity/index.ts'
import type { PanelApp } from '../app.ts'
import { panelErrors } from '../errors.ts'
import type { PanelOptions } from '../options.ts'
import type { Role } from '../people-directory.ts'
import { requireRole } from '../roles.ts'
import * as S from '../schemas/index.ts'
import { answers, params, there } from '../tools.ts'

const TAG = 'people'

const role = (text: string | undefined): Role => (text === 'owner' || text === 'manager' ? text : ('member' as const))
const item = (token: TokenRecord) => ({
  id: token.id,
  role: role(token.role),
  email: '',
  created: token.created,
  expires: token.expires,
  state: token.state === 'in-use' ? ('used' as const) : token.state,
})

export function peopleRoutes(app: PanelApp, options: PanelOptions): void {
  const { identity, people, cloud } = options
  const SYSTEM = { kind: 'system' } as const

  app.get(
    '/projects/:project/members',
    {
      config: { needs: 'read' },
      schema: {
        ...answers(TAG, 'listMembers', 'People of a project', Type.Array(S.Member)),
        params: params('project'),
      },
    },
    async (request) => {
      const { project } = request.params
      requireRole(request.visitor, project, 'owner', 'manager', 'member')
      const members = await people.members(request.visitor.caller, project)
      return Promise.all(
        members.map(async (member) => ({
          ...member,
          login: (await identity.credentials.loginOf(member.person))?.login ?? member.person,
        })),
      )
    },
  )

  app.put(
    '/projects/:project/members/:person',
    {
      config: { needs: 'admin' },
      schema: {
        ...answers(TAG, 'setRole', 'Change what somebody may do', S.Done),
        params: params('project', 'person'),
        body: S.RoleChange,
      },
    },
    async (request) => {
      const { project, person } = request.params
      requireRole(request.visitor, project, 'owner')
      await people.setRole(request.visitor.caller, project, person, request.body.role)
      return S.done
    },
  )

  app.delete(
    '/projects/:project/members/:person',
    {
      config: { needs: 'admin' },
      schema: {
        ...answers(TAG, 'removeMember', 'Remove somebody from a project', S.Done),
        params: params('project', 'person'),
      },
    },
    async (request) => {
      const { project, person } = request.params
      requireRole(request.visitor, project, 'owner')
      await people.remove(request.visitor.caller, project, person)
      return S.done
    },
  )

  app.get(
    '/projects/:project/invitations',
    {
      config: { needs: 'read' },
      schema: {
        ...answers(TAG, 'listInvitations', 'Invitations', Type.Array(S.Invitation)),
        params: params('project'),
      },
    },
    async (request) => {
      const { project } = request.params
      requireRole(request.visitor, project, 'owner', 'manager')
      const tokens = await identity.tokens.list({ projects: [project] })
      return tokens.filter((token) => token.purpose === 'invitation').map(item)
    },
  )

  app.post(
    '/projects/:project/invitations',
    {
      config: { needs: 'admin' },
      schema: {
        ...answers(TAG, 'invite', 'Make a link with which somebody joins the project', S.IssuedInvitation),
        params: params('project'),
        body: S.NewInvitation,
      },
    },
    async (request) => {
      const { project } = request.params
      requireRole(request.visitor, project, 'owner', ...(request.body.role === 'member' ? ['manager' as const] : []))
      await cloud.demand(request.visitor.caller, 'projects.invite', { project })
      const { token, record } = await identity.tokens.create({
        purpose: 'invitation',
        person: request.visitor.caller.person,
        project,
        role: request.body.role,
      })
      // After the hash: browsers never send it to a server, so it stands in no access log.
      return { ...item(record), email: request.body.email, link: `${options.webUrl()}/invitation#${token}` }
    },
  )

  app.delete(
    '/projects/:project/invitations/:id',
    {
      config: { needs: 'admin' },
      schema: { ...answers(TAG, 'revokeInvitation', 'Revoke an invitation', S.Done), params: params('project', 'id') },
    },
    async (request) => {
      const { project, id } = request.params
      requireRole(request.visitor, project, 'owner', 'manager')
      const token = await identity.tokens.get(id)
      await cloud.demand(request.visitor.caller, 'projects.invite', { project })
      there(token?.project === project ? token : undefined, 'this invitation')
      await identity.tokens.revoke(id)
      return S.done
    },
  )

  app.post(
    '/invitation',
    {
      config: { needs: 'nobody' },
      schema: {
        ...answers(TAG, 'acceptInvitation', 'Join with an invitation: makes the account', S.Done),
        body: S.JoinByInvitation,
      },
    },
    async (request) => {
      const { token, login, name, password } = request.body
      await openInvitation(token)
      identity.credentials.check(login, password)
      const person = await people.create(SYSTEM, { name: name === '' ? login : name, email: '' })
      try {
        await identity.credentials.set(person, login, password)
        await join(token, person)
      } catch (error) {
        // The name was taken, or somebody else used the invitation meanwhile: no account is left behind.
        await identity.credentials.remove(person)
        await cloud.people.disable(SYSTEM, person)
        throw error
      }
      return S.done
    },
  )

  app.post(
    '/session/invitation',
    {
      config: { needs: 'admin' },
      schema: {
        ...answers(TAG, 'joinByInvitation', 'Join one more project with an invitation', S.Done),
        body: S.InvitationToken,
      },
    },
    async (request) => {
      const { caller } = request.visitor
      await cloud.demand(caller, 'account.change', { person: caller.person })
      const { project } = await openInvitation(request.body.token)
      const memberships = await people.memberships(caller.person)
      if (memberships.some((membership) => membership.project === project)) throw panelErrors.MEMBER_ALREADY()
      await join(request.body.token, caller.person)
      return S.done
    },
  )

  /** Not used, and by somebody who still may invite to this: what he handed out does not outlive his own role. */
  async function openInvitation(token: string): Promise<{ readonly project: string; readonly role: Role }> {
    const invitation = await identity.tokens.inspect(token, 'invitation')
    const project = there(invitation.project, 'the project of this invitation')
    const given = role(invitation.role)
    const inviter = (await people.memberships(invitation.person)).find((item) => item.project === project)
    const may = inviter?.role === 'owner' || (inviter?.role === 'manager' && given === 'member')
    if (!may) throw panelErrors.INVITER_LEFT()
    return { project, role: given }
  }

  /** Of two at once exactly one joins. */
  async function join(token: string, person: string): Promise<void> {
    const { project, role: given } = await openInvitation(token)
    await identity.tokens.redeem(token, 'invitation')
    await people.setRole(SYSTEM, project, person, given)
  }
}
