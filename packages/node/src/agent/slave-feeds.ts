/** Slaves of the instances of this node: their journals, and the controllers that are fed from them. */
import { dirname, join } from 'node:path'
import { Mutex, messageOf } from '@slapos/base'
import type { DesiredOccupant, SlaveDocument } from '@slapos/slap'
import { ControllerServer } from '../instance/controller-server.ts'
import { SlaveJournal } from '../instance/slave-journal.ts'
import type { PartitionRecord } from '../instance/state.ts'
import type { MasterLink } from '../link/link.ts'
import { reasonOf } from '../link/outcome.ts'
import { makeControllerDirectory } from './controller-directory.ts'
import type { AgentParts } from './parts.ts'

export class SlaveFeeds {
  readonly #parts: AgentParts
  readonly #link: () => MasterLink
  readonly #journals = new Map<string, SlaveJournal>()
  readonly #controllers = new Map<string, ControllerServer>()
  readonly #locks = new Map<string, Mutex>()
  /** Slave revisions up to which the journals are known to be complete. */
  readonly #synced = new Map<string, string>()

  constructor(parts: AgentParts, link: () => MasterLink) {
    this.#parts = parts
    this.#link = link
  }

  /** Short, because the path of a Unix socket is. */
  socketPath(partition: string): string {
    return join(this.#parts.config.paths.state, 'controller', partition, 's')
  }

  controls(partition: string): boolean {
    return this.#controllers.has(partition)
  }

  /** Every slave of an instance without controller, ordered by reference. */
  async list(partition: string, occupant: DesiredOccupant): Promise<readonly SlaveDocument[]> {
    if (occupant.slavesRevision === '0') return []
    await this.sync(partition, occupant.slavesRevision)
    const snapshot = await this.#journal(partition).snapshot()
    return snapshot?.slaves ?? []
  }

  /** Fetches what changed, and tells the controller. `revision` undefined: whatever is known. */
  sync(partition: string, revision?: string): Promise<void> {
    return this.#lock(partition).run(async () => {
      if (revision !== undefined && this.#synced.get(partition) === revision) return
      const journal = this.#journal(partition)
      const outcome = await this.#link().slaves(partition, await journal.position())
      if (outcome.kind !== 'ok') {
        this.#parts.logs.logger('instance', partition).warning(`slaves of ${partition}: ${reasonOf(outcome)}`)
        return
      }
      const delta = outcome.value
      if (delta.full || delta.changed.length > 0 || delta.removed.length > 0) {
        await journal.apply(delta)
        this.#controllers.get(partition)?.push(delta)
      }
      if (revision !== undefined) this.#synced.set(partition, revision)
    })
  }

  /** Listens for the partition's controller. */
  async control(partition: string): Promise<void> {
    if (this.#controllers.has(partition)) return
    const log = this.#parts.logs.logger('instance', partition)
    const path = this.socketPath(partition)
    await makeControllerDirectory(dirname(path), await this.#parts.host.runAs(partition))
    const server = new ControllerServer({
      path,
      journal: this.#journal(partition),
      clock: this.#parts.clock,
      publish: async (publication) => (await this.#link().publishSlaves(partition, publication)).kind === 'ok',
      log: (message) => log.warning(message),
    })
    this.#controllers.set(partition, server)
    try {
      await server.open()
    } catch (error) {
      this.#controllers.delete(partition)
      throw error
    }
  }

  /** After a pass: a controller lives exactly as long as its deployed instance wants it. */
  async settle(
    partition: string,
    occupant: DesiredOccupant | null,
    record: PartitionRecord | undefined,
  ): Promise<void> {
    const wanted = occupant?.state === 'started' && record?.target?.plan.controller !== undefined
    if (wanted) {
      await this.control(partition)
      if (occupant.slavesRevision !== '0' || this.#synced.has(partition)) {
        await this.sync(partition, occupant.slavesRevision).catch((error) =>
          this.#parts.logs.logger('instance', partition).error(messageOf(error)),
        )
      }
      return
    }
    const controller = this.#controllers.get(partition)
    this.#controllers.delete(partition)
    await controller?.close()
    if (!record || record.destroyed) {
      // Also what an agent before this one wrote.
      await this.#journal(partition).remove()
      this.#journals.delete(partition)
      this.#synced.delete(partition)
    }
  }

  /** Another history of the Master: every journal is fetched anew when it is needed. */
  reset(): void {
    this.#synced.clear()
  }

  async close(): Promise<void> {
    await Promise.all([...this.#controllers.values()].map((controller) => controller.close()))
    this.#controllers.clear()
  }

  #journal(partition: string): SlaveJournal {
    const known = this.#journals.get(partition)
    if (known) return known
    const journal = new SlaveJournal(join(this.#parts.config.paths.state, 'slaves', `${partition}.jsonl`))
    this.#journals.set(partition, journal)
    return journal
  }

  #lock(partition: string): Mutex {
    const lock = this.#locks.get(partition) ?? new Mutex()
    this.#locks.set(partition, lock)
    return lock
  }
}
