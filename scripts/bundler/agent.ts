import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Artefact, archive, describe } from './artefact.ts'
import { dependencies } from './dependencies.ts'
import { root } from './root.ts'
import { NODE_PACKAGES, shippedFiles } from './sources.ts'

/** Node.js lies beside, as `runtime`: the installer links it, so that versions of the agent share one. */
const LAUNCHER = `#!/bin/sh
# The slapos command, on the Node.js that came with it.
self=$(readlink -f -- "$0")
root=\${self%/bin/slapos}
# Compiled code is kept where only root can write: what root runs must not come from a shared /tmp.
NODE_COMPILE_CACHE="$root/compiled"
export NODE_COMPILE_CACHE
# Releases that the Master serves come over its own authority's certificates, which registration verified.
if [ -r /etc/opt/slapos/ssl/ca.crt ]; then
  NODE_EXTRA_CA_CERTS=/etc/opt/slapos/ssl/ca.crt
  export NODE_EXTRA_CA_CERTS
fi
exec "$root/runtime/bin/node" --disable-warning=ExperimentalWarning "$root/packages/cli/src/main.ts" "$@"
`

/**
 * The program of a node: our packages as they stand in the checkout, outside any node_modules so that Node strips
 * their types, and beside them the few npm packages that they use.
 */
export async function makeAgent(target: string, version: string): Promise<Artefact> {
  const draft = await mkdtemp(join(tmpdir(), 'slapos-bundle-'))
  try {
    await mkdir(join(draft, 'node_modules/@slapos'), { recursive: true })
    for (const name of NODE_PACKAGES) {
      const from = join(root, 'packages', name)
      const paths = (await shippedFiles(from)).filter((path) => path.startsWith('src/') || path === 'package.json')
      for (const path of paths) await cp(join(from, path), join(draft, 'packages', name, path))
      await symlink(`../../packages/${name}`, join(draft, 'node_modules/@slapos', name))
    }
    for (const { from, to } of await dependencies()) {
      await cp(from, join(draft, to), { recursive: true, dereference: true, filter: isRun })
    }
    await mkdir(join(draft, 'bin'))
    await writeFile(join(draft, 'bin/slapos'), LAUNCHER, { mode: 0o755 })
    await cp(join(root, 'LICENSE'), join(draft, 'LICENSE'))
    const path = join(target, `slapos-${version}.tgz`)
    await archive(draft, path)
    return { kind: 'agent', version, ...(await describe(path)) }
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

/** Leaves out what only people, compilers and tests read. */
function isRun(path: string): boolean {
  return !/(\.d\.[cm]?ts|\.map|\.md|\/(test|tests|benchmark|\.github|node_modules))$/.test(path)
}
