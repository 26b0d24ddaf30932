/** What every step of a build is given. */
export interface BuildContext {
  readonly url: string
  /** The directory in which the release is made; renamed when it is complete. */
  readonly directory: string
  /** Where it will be. */
  readonly destination: string
  /** Shared by builds: downloads by digest, Debian packages. */
  readonly cache: string
  /** Environment of every command. */
  readonly environment: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  readonly localSources: boolean
  /** Words before every command: namespaces, user, niceness. */
  readonly prefix: readonly string[]
  readonly buildUser: { readonly uid: number; readonly gid: number } | undefined
  /** Name of the step, for messages: `2/3 (apt)`. */
  readonly step: string
  readonly logFile: string
  say(line: string): void
}
