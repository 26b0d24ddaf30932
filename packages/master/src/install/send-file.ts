import { createReadStream } from 'node:fs'
import type { FastifyReply, FastifyRequest } from 'fastify'

export interface ImmutableFile {
  readonly path: string
  readonly size: number
  /** SHA-256: a strong validator. */
  readonly sha256: string
}

/** Serves a file whose address names its content: whole, or one range (RFC 9110 §14), so that a download can go on. */
export function sendImmutable(request: FastifyRequest, reply: FastifyReply, file: ImmutableFile): FastifyReply {
  const tag = `"${file.sha256}"`
  reply
    .header('etag', tag)
    .header('accept-ranges', 'bytes')
    .header('cache-control', 'public, max-age=31536000, immutable')
    .header('content-type', 'application/octet-stream')
  if (names(request.headers['if-none-match'], tag)) return reply.code(304).send()
  const condition = request.headers['if-range']
  const wanted = condition === undefined || condition === tag ? request.headers.range : undefined
  const range = parseRange(wanted, file.size)
  if (range === 'unsatisfiable') return reply.code(416).header('content-range', `bytes */${file.size}`).send()
  const { start, end } = range ?? { start: 0, end: file.size - 1 }
  reply.header('content-length', end - start + 1)
  if (range) reply.code(206).header('content-range', `bytes ${start}-${end}/${file.size}`)
  if (request.method === 'HEAD') return reply.send()
  return reply.send(createReadStream(file.path, { start, end }))
}

interface Range {
  readonly start: number
  readonly end: number
}

/** Undefined: no range, or one in a form that may be ignored (several ranges, another unit). */
export function parseRange(header: string | undefined, size: number): Range | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '')
  if (!match) return undefined
  const [, first = '', last = ''] = match
  if (first === '' && last === '') return undefined
  if (first === '') {
    const length = Math.min(Number(last), size)
    return length === 0 ? 'unsatisfiable' : { start: size - length, end: size - 1 }
  }
  const start = Number(first)
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1)
  if (last !== '' && Number(last) < start) return undefined
  return start < size ? { start, end } : 'unsatisfiable'
}

function names(header: string | undefined, tag: string): boolean {
  const listed = header?.split(',').map((one) => one.trim().replace(/^W\//, '')) ?? []
  return listed.includes(tag) || listed.includes('*')
}
