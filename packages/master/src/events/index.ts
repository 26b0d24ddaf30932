export { createConcerned } from './concerned.ts'
export { openStream } from './handlers.ts'
export { createEventHub, type EventHub, type EventHubOptions } from './hub.ts'
export { createVisibility, type Visibility } from './visibility.ts'
