import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { TokenPurpose } from '../identity/index.ts'
import type { NewUser } from '../server/admin.ts'
import { askRunning } from '../server/control.ts'
import { call, type DataOptions, preparedFiles } from './call.ts'
import { newPassword } from './new-password.ts'
import { dateText, finish, type Output, table } from './output.ts'

interface Listing extends DataOptions {
  readonly json?: boolean
}

/** A password that is not given is made here, and printed once. */
type Given<T extends { readonly password: string }> = Omit<T, 'password'> & { readonly password?: string }

/** `slapos master user add LOGIN` */
export const addUser = (options: DataOptions & Given<NewUser>, output: Output): Promise<number> =>
  finish(output, async () => {
    const { login, password = newPassword(), name, email, project, operator } = options
    const ask = {
      ...{ login, password },
      ...(name !== undefined && { name }),
      ...(email !== undefined && { email }),
      ...(project !== undefined && { project }),
      ...(operator !== undefined && { operator }),
    }
    const made = await call(options, { name: 'addUser', ask })
    output.out(`${login} is ${made.person}, owner of ${made.project}`)
    if (options.password === undefined) output.out(`password: ${password}`)
    return undefined
  })

/** `slapos master user passwd LOGIN`: ends the person's sessions. */
export const setPassword = (
  options: DataOptions & { readonly login: string; readonly password?: string },
  output: Output,
): Promise<number> =>
  finish(output, async () => {
    const { login, password = newPassword() } = options
    await call(options, { name: 'setPassword', ask: { login, password } })
    output.out(`the password of ${login} is changed`)
    if (options.password === undefined) output.out(`password: ${password}`)
    return undefined
  })

/** `slapos master user list` */
export const listUsers = (options: Listing, output: Output): Promise<number> =>
  finish(output, async () => {
    const users = await call(options, { name: 'listUsers', ask: {} })
    if (options.json) output.out(JSON.stringify(users))
    else {
      const rows = users.map((user) => [
        user.login,
        user.person,
        user.name,
        user.email,
        user.operator ? 'operator' : '',
      ])
      table(output, ['LOGIN', 'PERSON', 'NAME', 'E-MAIL', 'ROLE'], rows)
    }
    return undefined
  })

/** `slapos master token [--for computer|person|invitation] LOGIN`: prints the token, alone on its line. */
export const createToken = (
  options: Listing & {
    readonly purpose?: TokenPurpose
    readonly login: string
    readonly project?: string
    readonly hours?: number
  },
  output: Output,
): Promise<number> =>
  finish(output, async () => {
    const { purpose = 'computer', login, project, hours } = options
    const optional = { ...(project !== undefined && { project }), ...(hours !== undefined && { hours }) }
    const issued = await call(options, { name: 'createToken', ask: { purpose, login, ...optional } })
    if (options.json) output.out(JSON.stringify(issued))
    else {
      output.out(issued.token)
      output.err(`valid once, until ${dateText(issued.expires)} UTC`)
    }
    return undefined
  })

/** `slapos master token list` */
export const listTokens = (options: Listing, output: Output): Promise<number> =>
  finish(output, async () => {
    const tokens = await call(options, { name: 'listTokens', ask: {} })
    if (options.json) output.out(JSON.stringify(tokens))
    else {
      const rows = tokens.map((token) => [token.id, token.hint, token.purpose, token.state, dateText(token.expires)])
      table(output, ['ID', 'BEGINS', 'FOR', 'STATE', 'EXPIRES'], rows)
    }
    return undefined
  })

/** `slapos master token revoke ID` */
export const revokeToken = (options: DataOptions & { readonly id: string }, output: Output): Promise<number> =>
  finish(output, async () => {
    await call(options, { name: 'revokeToken', ask: { id: options.id } })
    output.out(`token ${options.id} is revoked`)
    return undefined
  })

/** `slapos master cert list` */
export const listCertificates = (options: Listing, output: Output): Promise<number> =>
  finish(output, async () => {
    const all = await call(options, { name: 'listCertificates', ask: {} })
    if (options.json) output.out(JSON.stringify(all))
    else {
      const rows = all.map(({ subject, kind, fingerprint, expires, revoked }) => [
        ...[subject, kind, fingerprint.slice(0, 16), dateText(expires)],
        revoked ? `revoked ${dateText(revoked)}` : 'valid',
      ])
      table(output, ['OF', 'KIND', 'FINGERPRINT', 'EXPIRES', 'STATE'], rows)
    }
    return undefined
  })

/** `slapos master cert renew`: the server's own, without a restart. */
export const renewServerCertificate = (options: DataOptions, output: Output): Promise<number> =>
  finish(output, async () => {
    const files = await preparedFiles(options.dataDirectory)
    const running = await askRunning(files, { name: 'renewServerCertificate', ask: {} })
    if (running === undefined) await rm(join(files.pki, 'server.pem'), { force: true })
    output.out(
      `the server certificate is renewed${running === undefined ? ' at the next start' : '; connections go on'}`,
    )
    return undefined
  })

/** `slapos master cert revoke COMP-1|FINGERPRINT`: cuts open connections too. */
export const revokeCertificate = (options: DataOptions & { readonly of: string }, output: Output): Promise<number> =>
  finish(output, async () => {
    const count = await call(options, { name: 'revokeCertificate', ask: { of: options.of } })
    output.out(`${count} certificate${count === 1 ? '' : 's'} of ${options.of} revoked`)
    return undefined
  })
