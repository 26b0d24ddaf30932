import { createHash } from 'node:crypto'
import type { Clock, Logger } from '@slapos/base'

/** What a builder needs to know. Paths are absolute. */
export interface BuilderOptions {
  readonly softwareRoot: string
  /** Where immutable copies of Node.js are kept. */
  readonly runtimeRoot: string
  /** The Node.js on which releases built now will run. Default: the one of this process. */
  readonly node?: string
  /** The global log of the tutorial (slapos-node-software.log). */
  readonly log: Logger
  /** Local mode: directories and file:// URLs may be built. */
  readonly localSources?: boolean
  /** `software_min_free_space`, bytes. Default 1 GB. */
  readonly minFreeBytes?: number
  /** Builds at one time. Default 2. */
  readonly parallel?: number
  /** The unprivileged user that builds, when root; the result then belongs to root. */
  readonly buildUser?: { readonly uid: number; readonly gid: number }
  readonly clock?: Clock
  readonly onProgress?: (progress: BuildProgress) => void
}

export interface BuildProgress {
  readonly url: string
  /** `waiting`, `fetch`, the type of a step, `seal`, `available`, `failed`. */
  readonly phase: string
  /** From 1; 0 before the first. */
  readonly step: number
  readonly steps: number
  /** Wall clock, milliseconds, at which the phase began. */
  readonly since: number
  /** Lines that the build has just printed. */
  readonly lines: readonly string[]
  readonly failed: boolean
  readonly message: string
}

export type BuildState =
  | { readonly kind: 'absent' }
  | { readonly kind: 'building'; readonly progress: BuildProgress }
  | { readonly kind: 'available'; readonly directory: string; readonly build: BuiltRelease }
  /** `retryInMs` counts from now; 0: it may be tried at once. */
  | { readonly kind: 'failed'; readonly failures: number; readonly message: string; readonly retryInMs: number }

export type BuildOutcome =
  | { readonly kind: 'available'; readonly directory: string; readonly built: boolean }
  /** `log` holds the message and the last part of the output, as it is to be reported. */
  | { readonly kind: 'failed'; readonly message: string; readonly log: string; readonly retryInMs: number }
  /** Failed before, and not to be tried again yet. */
  | { readonly kind: 'waiting'; readonly message: string; readonly retryInMs: number }
  | { readonly kind: 'cancelled' }

/** What a built release says about itself, in `.slapos/build.json`. */
export interface BuiltRelease {
  readonly format: 1
  readonly url: string
  readonly name: string
  readonly version: string
  /** Absolute path of the Node.js that its instances run on. */
  readonly node: string
  readonly builtAt: string
}

export interface Builder {
  /** Directory of a release, built or not. */
  directory(url: string): string
  /** The log of the last build. */
  logFile(url: string): string
  /** Builds unless it is there. A second call for a release that is being built joins the first. Never throws. */
  build(url: string, options?: { readonly force?: boolean }): Promise<BuildOutcome>
  /** Cancels a running build, then removes all of it, read-only or not. */
  remove(url: string): Promise<void>
  state(url: string): Promise<BuildState>
  /** Cancels what runs and waits for its end. */
  close(): Promise<void>
}

export const releaseKey = (url: string): string => createHash('md5').update(url).digest('hex')
