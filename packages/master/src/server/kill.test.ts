import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { silentLogger } from '@slapos/base'
import { createSlapClient } from '@slapos/slap'
import { startMaster } from './start.ts'

const PROGRAM = fileURLToPath(new URL('./master-process.ts', import.meta.url))

test('kill -9 of a Master in a write storm loses nothing that it acknowledged', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'slapos-kill-'))
  const child = spawn(process.execPath, [PROGRAM, directory], { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    const [line] = await once(createInterface(child.stdout), 'line')
    const { url, certificate, key, ca, computer } = JSON.parse(String(line))
    const client = createSlapClient({ url, tls: { ca, cert: certificate, key } })
    const acknowledged: string[] = []
    const exited = once(child, 'exit')
    const writer = async (name: number) => {
      for (let n = 0; ; n++) {
        const release = `https://example.org/${name}-${n}.cfg`
        await client.supply(computer, release, 'available')
        acknowledged.push(release)
        if (acknowledged.length === 200) child.kill('SIGKILL')
      }
    }
    await Promise.allSettled(Array.from({ length: 16 }, (_, name) => writer(name)))
    client.close()
    child.kill('SIGKILL')
    assert.equal((await exited)[1], 'SIGKILL')
    assert.ok(acknowledged.length >= 200)

    const host = '127.0.0.1'
    const master = await startMaster({
      ...{ dataDirectory: directory, api: { host, port: 0 }, web: { host, port: 0, tls: false } },
      logger: silentLogger,
    })
    const { value } = await master.parts.cloud.nodes.document({ kind: 'computer', computer }, computer)
    const kept = new Set(value.installations.map((installation) => installation.url))
    assert.deepEqual(
      acknowledged.filter((release) => !kept.has(release)),
      [],
    )
    await master.close()
  } finally {
    child.kill('SIGKILL')
    await rm(directory, { recursive: true, force: true })
  }
})
