/** The functions behind `slapos master ...`: parsed options and a place to write to, in; an exit code, out. */
export * from './administer.ts'
export { backupMaster, restoreMaster } from './backup.ts'
export type { DataOptions } from './call.ts'
export { type InitOptions, initMaster } from './init.ts'
export type { Output } from './output.ts'
export { runMaster } from './start.ts'
export { masterStatus } from './status.ts'
export { upgradeMaster } from './upgrade.ts'
