import assert from 'node:assert/strict'
import { test } from 'node:test'
import { panelErrors } from '@slapos/master/api/panel/errors.ts'
import { masterErrors } from '@slapos/master/errors.ts'
import { identityErrors } from '@slapos/master/identity/errors.ts'
import { serverErrors } from '@slapos/master/server/errors.ts'
import { Problem } from '../src/api/client.ts'
import { translateRefusal } from '../src/text/refusal.ts'
import { refusals } from '../src/text/refusals.ts'

const placeholders = (text: string) => [...new Set(text.match(/\{\w+\}/g))].sort().join(' ')
const catalogues = [masterErrors, panelErrors, identityErrors, serverErrors].map(({ definitions }) => definitions)

test('every error that the Master may answer a person with has French and Chinese, which fill the same places', () => {
  for (const [code, { status, what, next }] of catalogues.flatMap((each) => Object.entries(each))) {
    // These end the start of a Master, or name a defect of it: nobody reads them in a browser.
    if (status === 500 || (status > 500 && code in serverErrors.definitions)) continue
    const texts = refusals[code]
    assert.ok(texts, `${code} is not in refusals.ts`)
    for (const [said, advice] of texts) {
      assert.equal(placeholders(said), placeholders(what), code)
      assert.equal(placeholders(advice), placeholders(next), code)
    }
  }
})

test('a refusal is said in the language of the reader; an unknown one as the Master said it', () => {
  const params = { title: '"x"', reason: 'it is empty' }
  const problem = new Problem(
    400,
    'TITLE_INVALID',
    'the title "x" cannot be used: it is empty',
    'Choose another.',
    params,
  )
  const say = (text: string) => text.replace('it is empty', 'il est vide')
  assert.deepEqual(translateRefusal(problem, refusals['TITLE_INVALID']?.[0], say), {
    message: 'le titre "x" ne peut pas servir : il est vide',
    next: 'Choisissez un titre de 1 à 200 caractères imprimables.',
  })
  assert.deepEqual(translateRefusal(problem, undefined, say), {
    message: 'the title "x" cannot be used: it is empty',
    next: 'Choose another.',
  })
})
