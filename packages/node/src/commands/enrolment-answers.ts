/** Who registers this machine: as the command line says, else as a person answers. */
import { nodeErrors } from '../errors.ts'
import type { CommandIo } from './io.ts'
import { openPrompt, type Prompt } from './prompt.ts'

export interface EnrolmentOptions {
  readonly token?: string
  /** Ask for login and password rather than for a token. */
  readonly loginAuth?: boolean
  readonly login?: string
  readonly password?: string
}

export type EnrolmentAnswers = { readonly token: string } | { readonly login: string; readonly password: string }

export async function enrolmentAnswers(
  io: CommandIo,
  { token, loginAuth = false, login, password }: EnrolmentOptions,
  open: (io: CommandIo) => Prompt = openPrompt,
): Promise<EnrolmentAnswers> {
  if (token) return { token }
  if (login && password) return { login, password }
  const prompt = open(io)
  const needed = async (question: string, hidden = false): Promise<string> => {
    for (;;) {
      const answer = await prompt.ask(question, { hidden })
      if (answer === undefined) throw nodeErrors.TOKEN_NEEDED()
      if (answer !== '') return answer
    }
  }
  try {
    if (!loginAuth && !login) return { token: await needed('Computer security token: ') }
    return {
      login: login || (await needed('SlapOS Master Login: ')),
      password: password || (await needed('Password: ', true)),
    }
  } finally {
    prompt.close()
  }
}
