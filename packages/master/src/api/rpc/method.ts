import type Type from 'typebox'
import type { Caller } from '../../domain/cloud.ts'
import type { InstanceCertificates, MachineCloud } from '../slap/options.ts'

export interface RpcTools {
  readonly cloud: MachineCloud
  readonly certificates: InstanceCertificates
  hateoasUrl(): string | undefined
}

/** Type of the error that says that what a method is about does not exist. */
export type Missing =
  | 'SOFTWARE-INSTANCE-NOT-FOUND'
  | 'SOFTWARE-INSTALLATION-NOT-FOUND'
  | 'COMPUTE-NODE-NOT-FOUND'
  | 'HOST-INSTANCE-NOT-FOUND'
  | 'INSTANCE-TREE-NOT-FOUND'
  | 'SUPPLY-FAILED'

export interface Method {
  readonly request: Type.TSchema
  readonly response: Type.TSchema
  readonly missing: Missing
  /** `input` was checked against `request`. */
  run(tools: RpcTools, caller: Caller, input: unknown): Promise<object>
}

/** Ties the type of the input to the schema that was checked before `run`. */
export function method<Q extends Type.TSchema>(definition: {
  readonly request: Q
  readonly response: Type.TSchema
  readonly missing: Missing
  readonly run: (tools: RpcTools, caller: Caller, input: Type.Static<Q>) => Promise<object>
}): Method {
  return definition
}

export const success = (title: string) => ({ type: 'success', title }) as const
