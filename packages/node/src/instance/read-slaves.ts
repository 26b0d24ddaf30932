import { messageOf } from '@slapos/base'
import type { SlaveInput } from '@slapos/release'
import type { SlaveDocument } from '@slapos/slap'
import { readParameters } from './parameters.ts'

export interface ReadSlaves {
  readonly readable: readonly SlaveInput[]
  /** References of those whose parameters came as texts. */
  readonly texts: readonly string[]
  /** Slave reference to why its parameters cannot even be read. */
  readonly damaged: Readonly<Record<string, string>>
}

/** Slaves of the wire as instance.ts sees them; one that is damaged stands aside, and concerns no other. Pure. */
export function readSlaves(documents: readonly SlaveDocument[]): ReadSlaves {
  const readable: SlaveInput[] = []
  const texts: string[] = []
  const damaged: Record<string, string> = {}
  for (const { reference, title, softwareType, parameters } of documents) {
    try {
      readable.push({ reference, title, softwareType, parameters: readParameters(parameters, title) })
      if (parameters['_'] === undefined) texts.push(reference)
    } catch (error) {
      damaged[reference] = messageOf(error)
    }
  }
  return { readable, texts, damaged }
}
