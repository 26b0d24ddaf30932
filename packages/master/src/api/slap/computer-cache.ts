import { createHash } from 'node:crypto'

export interface EncodedDocument {
  readonly revision: number
  readonly etag: string
  readonly body: Buffer
}

/** Bytes of bodies kept; the longest unused go first. */
const MOST = 128 * 1024 * 1024

/** The encoded document of each computer, for as long as its revision stands. */
export class ComputerCache {
  readonly #documents = new Map<string, EncodedDocument>()
  readonly #underWay = new Map<string, { readonly revision: number; readonly document: Promise<EncodedDocument> }>()
  readonly #most: number
  #bytes = 0

  constructor(most = MOST) {
    this.#most = most
  }

  find(computer: string, revision: number): EncodedDocument | undefined {
    const document = this.#documents.get(computer)
    if (document?.revision !== revision) return undefined
    this.#documents.delete(computer)
    this.#documents.set(computer, document)
    return document
  }

  /**
   * Encodes, once for all who ask at the same time. `revision` was read before the document, so that a change in
   * between makes the next poll encode again.
   */
  encode(computer: string, revision: number, encode: () => Promise<string>): Promise<EncodedDocument> {
    const underWay = this.#underWay.get(computer)
    if (underWay?.revision === revision) return underWay.document
    const document = this.#encode(computer, revision, encode).finally(() => {
      if (this.#underWay.get(computer)?.document === document) this.#underWay.delete(computer)
    })
    this.#underWay.set(computer, { revision, document })
    return document
  }

  async #encode(computer: string, revision: number, encode: () => Promise<string>): Promise<EncodedDocument> {
    const body = Buffer.from(await encode())
    const etag = `"${createHash('sha256').update(body).digest('base64url')}"`
    const document = { revision, etag, body }
    this.#keep(computer, document)
    return document
  }

  #keep(computer: string, document: EncodedDocument): void {
    this.#drop(computer)
    this.#documents.set(computer, document)
    this.#bytes += document.body.length
    for (const oldest of this.#documents.keys()) {
      if (this.#bytes <= this.#most) break
      this.#drop(oldest)
    }
  }

  #drop(computer: string): void {
    this.#bytes -= this.#documents.get(computer)?.body.length ?? 0
    this.#documents.delete(computer)
  }
}
