export { isPrivate } from './addresses.ts'
export { exchange, type OutgoingPolicy, outgoingPolicy, Refusal } from './exchange.ts'
