import { join } from 'node:path'

/** Where this program and the releases that it brings lie. */
export const checkout = join(import.meta.dirname, '../../../..')
