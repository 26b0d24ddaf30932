/** What turns a machine into a node: the installer script, the bundle that it fetches, and the line to copy. */
export { type Artefact, type Bundle, readBundle } from './bundle.ts'
export { installErrors } from './errors.ts'
export * from './install-surface.ts'
export * from './installer.ts'
export * from './one-liner.ts'
export { type Addresses, type InstallScript, renderInstaller } from './script.ts'
