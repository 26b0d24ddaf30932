import type { Cloud } from './cloud.ts'
import type { Domain } from './domain.ts'

/** The use cases about releases and their descriptions; they reach the web, so they are made outside the domain. */
export type CatalogueCases = Cloud['catalogue'] & Pick<Cloud['software'], 'releases'>
export type CataloguePort = (domain: Domain) => CatalogueCases
