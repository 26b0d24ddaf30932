import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { describe, it } from 'node:test'
import { type EnrolmentOptions, enrolmentAnswers } from './enrolment-answers.ts'
import { openPrompt } from './prompt.ts'

async function answered(options: EnrolmentOptions, typed: string) {
  let out = ''
  const io = {
    out(text: string) {
      out += text
    },
    err() {},
    environment: {},
  }
  const answers = await enrolmentAnswers(io, options, () => openPrompt(io, Readable.from([typed])))
  return { answers, out }
}

describe('who registers a machine', () => {
  it('asks for the token until there is one', async () => {
    assert.deepEqual(await answered({}, '\n  \n 2026-ab \n'), {
      answers: { token: '2026-ab' },
      out: 'Computer security token: '.repeat(3),
    })
  })

  it('asks for login and password when wished', async () => {
    assert.deepEqual(await answered({ loginAuth: true }, 'ada\nlovelace\n'), {
      answers: { login: 'ada', password: 'lovelace' },
      out: 'SlapOS Master Login: Password: \n',
    })
    assert.deepEqual((await answered({ login: 'ada' }, 'lovelace\n')).answers, { login: 'ada', password: 'lovelace' })
  })

  it('asks nothing that is given', async () => {
    assert.deepEqual(await answered({ token: 't' }, ''), { answers: { token: 't' }, out: '' })
    assert.equal((await answered({ login: 'ada', password: 'l' }, '')).out, '')
  })

  it('says what to give when there is nobody to answer', async () => {
    await assert.rejects(answered({}, ''), { code: 'TOKEN_NEEDED' })
  })
})
