/** The shapes of the panel API. The OpenAPI document and the panel's types are made from them. */
export * from './common.ts'
export * from './home.ts'
export * from './people.ts'
export * from './servers.ts'
export * from './services.ts'
export * from './session.ts'
export * from './software.ts'
