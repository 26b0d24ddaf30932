import { writeFile } from 'node:fs/promises'
import { openApiDocument } from '@slapos/master/api/panel/openapi.ts'
import { typesFromOpenApi } from './types-from-openapi.ts'

/** What the panel keeps of the Master's API: the document, and the types made from it. */
export async function generatedApi(): Promise<ReadonlyMap<URL, string>> {
  const document = await openApiDocument()
  return new Map([
    [new URL('../src/api/generated/openapi.json', import.meta.url), `${JSON.stringify(document, null, 1)}\n`],
    [new URL('../src/api/generated/schema.ts', import.meta.url), typesFromOpenApi(document)],
  ])
}

if (import.meta.main) {
  for (const [file, text] of await generatedApi()) await writeFile(file, text)
}
