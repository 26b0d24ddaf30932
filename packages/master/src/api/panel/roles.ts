import type { Visitor } from './authenticate.ts'
import { panelErrors } from './errors.ts'
import type { Role } from './people-directory.ts'

/** For what identity does in somebody's name; the domain checks its own use cases itself. */
export function requireRole(visitor: Visitor, project: string, ...roles: readonly Role[]): void {
  const role = visitor.scope.projects.includes(project) ? visitor.roles.get(project) : undefined
  if (role === undefined) throw panelErrors.NOT_THERE({ what: project })
  if (!roles.includes(role)) throw panelErrors.ROLE_TOO_SMALL({ roles: roles.join(' or ') })
}
