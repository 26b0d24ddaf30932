/** Distinguished encoding rules (X.690): as much as certificates and certificate requests need. */

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8: 0x0c,
  ia5: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const

/** One element: tag, length, concatenated contents. */
export function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents)
  return Buffer.concat([Buffer.from([tag, ...lengthBytes(content.length)]), content])
}

export const sequence = (...items: readonly Uint8Array[]): Buffer => der(TAG.sequence, ...items)

/** A dotted object identifier. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return der(TAG.oid, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]))
}

/** A non-negative integer of any size, big endian. */
export function integer(bytes: Uint8Array): Buffer {
  let from = 0
  while (from < bytes.length - 1 && bytes[from] === 0) from++
  const minimal = bytes.subarray(from)
  const padded = minimal.length === 0 || (minimal[0] ?? 0) >= 0x80 ? [Buffer.from([0]), minimal] : [minimal]
  return der(TAG.integer, ...padded)
}

export interface DerElement {
  readonly tag: number
  readonly content: Buffer
  /** Tag, length and content: what a signature covers. */
  readonly whole: Buffer
}

/** The elements that stand one after another in `bytes`. Throws RangeError when they do not fill it exactly. */
export function readDer(bytes: Uint8Array): DerElement[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const elements: DerElement[] = []
  for (let at = 0; at < buffer.length; ) {
    const start = at
    const tag = buffer.readUInt8(at++)
    let length = buffer.readUInt8(at++)
    if (length >= 0x80) {
      const size = length & 0x7f
      if (size < 1 || size > 4) throw new RangeError('a length is not in definite form')
      length = buffer.readUIntBE(at, size)
      at += size
    }
    if (at + length > buffer.length) throw new RangeError('an element is longer than its container')
    elements.push({ tag, content: buffer.subarray(at, at + length), whole: buffer.subarray(start, at + length) })
    at += length
  }
  return elements
}

export function pem(label: string, bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}

function lengthBytes(length: number): number[] {
  if (length < 0x80) return [length]
  const bytes: number[] = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256)
  return [0x80 | bytes.length, ...bytes]
}

function base128(value: number): number[] {
  const bytes = [value % 128]
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) bytes.unshift(0x80 | (rest % 128))
  return bytes
}
