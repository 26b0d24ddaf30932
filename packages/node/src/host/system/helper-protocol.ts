import type { Params } from '@slapos/base'
import type { FileOperations } from '../local-files.ts'

/** What root asks of the helper: one JSON document on its standard input, one on its output. */
export interface HelperRequest {
  readonly uid: number
  readonly gid: number
  /** The partition's directory. */
  readonly root: string
  readonly task: HelperTask
}

export type HelperTask =
  | { readonly kind: 'files'; readonly operations: FileOperations }
  | { readonly kind: 'empty'; readonly keep: readonly string[]; readonly endProcesses: boolean }

export type HelperAnswer =
  | { readonly result: unknown }
  | { readonly error: { readonly code: string; readonly params: Params; readonly message: string } }

/** Both ends are ours and of one version; this keeps the types honest. */
export function isHelperRequest(value: unknown): value is HelperRequest {
  return isRecord(value) && Number.isInteger(value['uid']) && Number.isInteger(value['gid']) && isRecord(value['task'])
}

export function isHelperAnswer(value: unknown): value is HelperAnswer {
  return isRecord(value) && ('result' in value || isRecord(value['error']))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
