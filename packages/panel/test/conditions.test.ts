import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseSla } from '@slapos/master/domain/sla.ts'
import { CONDITIONS, wrongCondition } from '../src/pages/services/conditions.ts'

/** What the Master says of a placement key that does not exist: all that do. */
function knownByMaster(): readonly string[] {
  try {
    parseSla({ nonsense: '1' })
  } catch (error) {
    const { params } = error as { readonly params: Readonly<Record<string, unknown>> }
    return String(params['known']).split(', ')
  }
  return []
}

test('the panel offers exactly the conditions that the Master knows, and judges their values as it does', () => {
  assert.deepEqual(Object.keys(CONDITIONS).sort(), [...knownByMaster()].sort())
  for (const [key, { example, pattern }] of Object.entries(CONDITIONS)) {
    parseSla({ [key]: example })
    assert.equal(wrongCondition({ [key]: example }), undefined)
    if (!pattern) continue
    assert.throws(() => parseSla({ [key]: 'nonsense' }), { code: 'SLA_VALUE' })
    assert.equal(wrongCondition({ [key]: 'nonsense' }), key)
  }
})
