export * from './documents.ts'
export * from './extension.ts'
