import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { isSlapError } from '@slapos/base'
import { checkRelease } from './check.ts'
import { writeTestRelease } from './test-release.ts'

const form = (request: string) => ({ title: request, request, response: 'output.json' })

test('a check tells everything that is wrong, each thing once', async () => {
  const source = `import { defineInstance } from '@slapos/release'
export default defineInstance({
  default() { throw new Error('the first type fails') },
  second(instance) { instance.publish({ at: String(Math.random()) }) },
  fine() {},
})
`
  const manifest = {
    'software-type': {
      default: form('input.json'),
      second: form('input.json'),
      third: form('third.json'),
      fourth: form('absent.json'),
      fine: form('input.json'),
    },
  }
  const { directory, remove } = await writeTestRelease({ source, manifest })
  try {
    await writeFile(join(directory, 'third.json'), '{"type": "nonsense"}')
    await assert.rejects(checkRelease(directory), (error) => {
      assert.ok(isSlapError(error))
      assert.equal(error.code, 'RELEASE_INVALID')
      assert.match(error.line, /has 4 problems:/)
      for (const part of [/the first type fails/, /at differs/, /third\.json is not a usable/, /absent\.json/]) {
        assert.match(error.line, part)
      }
      return true
    })
  } finally {
    await remove()
  }
})

test('one thing that is wrong is told as itself; nothing wrong gives every type', async () => {
  const broken = await writeTestRelease({ body: "throw new Error('no')" })
  const sound = await writeTestRelease({ body: "instance.publish({ a: '1' })" })
  try {
    await assert.rejects(checkRelease(broken.directory), { code: 'INSTANCE_FAILED' })
    const { types } = await checkRelease(sound.directory)
    assert.deepEqual(
      types.map(({ type, plan }) => [type, plan?.publish]),
      [['default', { a: '1' }]],
    )
  } finally {
    await broken.remove()
    await sound.remove()
  }
})
