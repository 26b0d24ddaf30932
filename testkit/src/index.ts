export * from './proxy/fake-proxy.ts'
