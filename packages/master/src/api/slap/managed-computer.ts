import type { Caller } from '../../domain/cloud.ts'
import { surfaceErrors } from './errors.ts'
import type { MachineCloud } from './options.ts'

/** Lets pass only a person who may issue and revoke the computer's certificates: one of its managers. */
export async function managedComputer(cloud: MachineCloud, caller: Caller, computer: string): Promise<void> {
  if (caller.kind !== 'person') throw surfaceErrors.NOT_FOR_MACHINES()
  await cloud.demand(caller, 'nodes.certify', { computer })
}
