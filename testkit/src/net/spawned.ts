import type { ChildProcess } from 'node:child_process'

export interface SpawnOptions {
  readonly environment?: Readonly<Record<string, string>>
  readonly cwd?: string
}

export interface Spawned {
  readonly child: ChildProcess
  /** Signals the program itself, not the wrapper through which it was started. */
  signal(name: NodeJS.Signals): Promise<void>
}
