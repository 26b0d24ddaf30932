import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A Master of few lines for the tests of the client, on loopback. */
export interface TestServer {
  readonly url: string
  close(): Promise<void>
}

export async function serve(listener: RequestListener, tls?: TestPair & { readonly ca?: string }): Promise<TestServer> {
  const server = tls
    ? createTlsServer({ ...tls, requestCert: tls.ca !== undefined, rejectUnauthorized: false }, listener)
    : createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    url: `http${tls ? 's' : ''}://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

export interface TestPair {
  readonly key: string
  readonly cert: string
}

/** A self-signed certificate for 127.0.0.1, which is its own authority. */
export function selfSigned(name: string): TestPair {
  const directory = mkdtempSync(join(tmpdir(), 'slap-test-'))
  try {
    const [key, cert] = [join(directory, 'key'), join(directory, 'cert')]
    const arguments_ = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
    const subject = ['-subj', `/CN=${name}/emailAddress=test@localhost`, '-addext', 'subjectAltName=IP:127.0.0.1']
    execFileSync('openssl', [...arguments_, ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' })
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') }
  } finally {
    rmSync(directory, { recursive: true })
  }
}
