import { der, oid, sequence, TAG } from '@slapos/base/der.ts'

/** A distinguished name as we write them: a common name and, for classic clients, an e-mail address. */
export interface Name {
  readonly commonName: string
  readonly email?: string
}

export function encodeName({ commonName, email }: Name): Buffer {
  const attributes = [attribute('2.5.4.3', der(TAG.utf8, Buffer.from(commonName)))]
  if (email !== undefined)
    attributes.push(attribute('1.2.840.113549.1.9.1', der(TAG.ia5, Buffer.from(email, 'latin1'))))
  return sequence(...attributes)
}

const attribute = (type: string, value: Buffer): Buffer => der(TAG.set, sequence(oid(type), value))
