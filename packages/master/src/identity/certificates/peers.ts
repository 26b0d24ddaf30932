import { createHash } from 'node:crypto'
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'

/**
 * The client certificate of each open TLS connection. The chain was verified in the handshake; which certificate it
 * is, is looked up at every request, because a session that is resumed skips the handshake's checks.
 */
export class PeerConnections {
  readonly #sockets = new Map<string, Set<Socket>>()
  readonly #fingerprints = new WeakMap<Socket, string>()

  /** SHA-256 of the peer's certificate; undefined: none, or not signed by our authority. */
  fingerprintOf(socket: Socket): string | undefined {
    const known = this.#fingerprints.get(socket)
    if (known !== undefined) return known === '' ? undefined : known
    const fingerprint = read(socket)
    this.#fingerprints.set(socket, fingerprint ?? '')
    if (fingerprint !== undefined) this.#track(fingerprint, socket)
    return fingerprint
  }

  /** Destroys every open connection of the certificate. */
  cut(fingerprint: string): void {
    for (const socket of this.#sockets.get(fingerprint) ?? []) socket.destroy()
  }

  #track(fingerprint: string, socket: Socket): void {
    const sockets = this.#sockets.get(fingerprint) ?? new Set()
    this.#sockets.set(fingerprint, sockets.add(socket))
    socket.once('close', () => {
      sockets.delete(socket)
      if (sockets.size === 0 && this.#sockets.get(fingerprint) === sockets) this.#sockets.delete(fingerprint)
    })
  }
}

function read(socket: Socket): string | undefined {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined
  const { raw } = socket.getPeerCertificate()
  return raw === undefined ? undefined : createHash('sha256').update(raw).digest('hex')
}
