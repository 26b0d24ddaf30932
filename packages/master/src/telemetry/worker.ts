/** The thread of `telemetry.db`: what it writes never delays an answer of the Master. */
import { parentPort, workerData } from 'node:worker_threads'
import { messageOf } from '@slapos/base'
import { TelemetryDatabase } from './database.ts'
import type { FromWorker, QuestionName, Questions, ToWorker } from './messages.ts'

const database = new TelemetryDatabase(String(workerData))

const answers: { [K in QuestionName]: (ask: Questions[K]['ask']) => Questions[K]['answer'] } = {
  contacts: () => database.contacts(),
  logs: (ask) => database.logs(ask),
  logSources: (ask) => database.logSources(ask),
  usage: (ask) => database.usage(ask),
  history: (ask) => database.history(ask),
  past: (ask) => database.past(ask),
  close: () => {
    database.close()
    return true
  },
}

parentPort?.on('message', (message: ToWorker) => {
  if ('recordings' in message) {
    try {
      database.record(message.recordings)
    } catch {
      // A full disk: telemetry is dropped, the cloud goes on.
    }
    return
  }
  parentPort?.postMessage(answer(message))
  if (message.name === 'close') parentPort?.close()
})

function answer({ id, name, ask }: Exclude<ToWorker, { recordings: unknown }>): FromWorker {
  try {
    const handler = answers[name] as (ask: unknown) => unknown // name and ask were paired by `TelemetryThread.ask`
    return { id, answer: handler(ask) }
  } catch (error) {
    return { id, failed: messageOf(error) }
  }
}
