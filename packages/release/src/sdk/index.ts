/** What `instance.ts` imports. This folder imports nothing but types from outside: it is copied into built releases. */
export * from './define.ts'
export * from './instance.ts'
