import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf, systemClock } from '@slapos/base'
import { run } from './programs.ts'

/** The account files have one lock for the whole machine, and its tools do not wait for it. */
const LOCK_TRIES = 100
const LOCK_MS = 100

export interface Account {
  readonly name: string
  readonly uid: number
  readonly gid: number
  readonly home: string
}

export interface AccountOptions {
  /** Root of the account files; other than `/` in tests. */
  readonly prefix: string
  /** Where new uids and gids are taken from; default as login.defs says for system users. */
  readonly range?: readonly [first: number, last: number]
}

/** Users and groups of the machine, through its own tools. New users are locked: there is no password that fits. */
export class Accounts {
  readonly #options: AccountOptions

  constructor(options: AccountOptions) {
    this.#options = options
  }

  async find(name: string): Promise<Account | undefined> {
    return (await this.#all()).find((account) => account.name === name)
  }

  /** The user whose home that directory is. */
  async ownerOfHome(home: string): Promise<Account | undefined> {
    return (await this.#all()).find((account) => account.home === home)
  }

  async #all(): Promise<readonly Account[]> {
    return (await this.#read('passwd')).split('\n').flatMap((line) => {
      const [name = '', , uid, gid, , home = ''] = line.split(':')
      return name === '' ? [] : [{ name, uid: Number(uid), gid: Number(gid), home }]
    })
  }

  /** Makes or corrects a user with a group of its own name. Groups that it has are kept. */
  async ensure(name: string, home: string, shell: string, groups: readonly string[]): Promise<Account> {
    const found = await this.find(name)
    const wanted = groups.length === 0 ? [] : ['-G', groups.join(',')]
    if (!found) {
      const present = (await this.#read('group')).split('\n').some((line) => line.startsWith(`${name}:`))
      const range = [...this.#within('UID'), ...this.#within('GID')]
      const group = present ? ['-g', name] : ['-U']
      await this.#change('useradd', range, ['-r', '-M', '-d', home, '-s', shell, ...group, ...wanted, name])
    } else if (found.home !== home) {
      const added = groups.length === 0 ? [] : ['-a', ...wanted]
      await this.#change('usermod', [], ['-d', home, '-s', shell, ...added, name])
    }
    const account = await this.find(name)
    if (!account || account.uid === 0 || account.gid === 0) throw new Error(`there is no usable user ${name}`)
    return account
  }

  #within(kind: 'UID' | 'GID'): readonly string[] {
    const { range } = this.#options
    return range ? ['-K', `SYS_${kind}_MIN=${range[0]}`, '-K', `SYS_${kind}_MAX=${range[1]}`] : []
  }

  async #change(program: string, settings: readonly string[], args: readonly string[]): Promise<void> {
    const { prefix } = this.#options
    const words = [program, ...(prefix === '/' ? [] : ['-P', prefix]), ...settings, ...args]
    for (let tries = 1; ; tries++) {
      try {
        await run(words)
        return
      } catch (error) {
        // Agent and `format` may make the same user at one time: the one that comes second finds it made.
        if (messageOf(error).includes('already exists')) return
        if (tries === LOCK_TRIES || !messageOf(error).includes('cannot lock')) throw error
        await systemClock.sleep(LOCK_MS)
      }
    }
  }

  #read(name: string): Promise<string> {
    return readFile(join(this.#options.prefix, 'etc', name), 'utf8')
  }
}
