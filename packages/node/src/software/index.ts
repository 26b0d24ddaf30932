/** Builds of software releases. */
export * from './builder.ts'
export { createBuilder, readBuild } from './create-builder.ts'
export * from './errors.ts'
