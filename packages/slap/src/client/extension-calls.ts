import {
  capabilities,
  desiredState,
  farewell,
  renewedCertificate,
  slaveDelta,
  telemetryAnswer,
} from '../codec/extension-json.ts'
import { type Decode, decodeJson } from '../codec/json.ts'
import {
  type Capabilities,
  type DesiredState,
  EXTENSION_PATH,
  type Position,
  type SlaveDelta,
  type SlavePublication,
  type Telemetry,
  type TelemetryAnswer,
} from '../extension.ts'
import type { Caller } from './caller.ts'
import { masterFailure } from './master-error.ts'

/** Calls of the node extension; all of them are about the computer whose certificate is presented. */
/** Our Master answers these from its memory or database, at once. */
const SILENCE_MS = 20_000

export interface ExtensionCalls {
  /** Undefined: a classic Master. */
  capabilities(): Promise<Capabilities | undefined>
  /** Undefined: nothing changed since. */
  desired(since?: Position): Promise<DesiredState | undefined>
  slaves(partitionId: string, since?: Position): Promise<SlaveDelta | undefined>
  publishSlaves(partitionId: string, publication: SlavePublication): Promise<void>
  telemetry(batch: Telemetry): Promise<TelemetryAnswer>
  /** Signs a request for the node's own certificate, which the old one still proves. */
  renewCertificate(csr: string): Promise<{ readonly certificate: string; readonly ca: string }>
  /** Leaves for good: the certificate is revoked then. Answers how many instances are still requested there. */
  leave(): Promise<{ readonly instances: number }>
}

export function extensionCalls(caller: Caller): ExtensionCalls {
  const since = async <T>(path: string, from: Position | undefined, decode: Decode<T>): Promise<T | undefined> => {
    const query = from === undefined ? {} : { since: from }
    const call = { method: 'GET', path: EXTENSION_PATH + path, query, accept: [304], silenceMs: SILENCE_MS } as const
    const answer = await caller.send(call)
    if (answer.status === 304) return undefined
    return caller.decode(path, answer.body, (body) => decodeJson(body, decode, path))
  }
  const slavesPath = (partitionId: string) => `slaves/${encodeURIComponent(partitionId)}`
  return {
    async capabilities() {
      try {
        return await caller.json({ method: 'GET', path: EXTENSION_PATH }, capabilities)
      } catch (error) {
        if (masterFailure(error) === 'not-found') return undefined
        throw error
      }
    },
    desired: (from) => since('desired', from, desiredState),
    slaves: (partitionId, from) => since(slavesPath(partitionId), from, slaveDelta),
    publishSlaves: (partitionId, value) =>
      caller.json({ method: 'POST', path: EXTENSION_PATH + slavesPath(partitionId), value }, nothing),
    telemetry: (value) => caller.json({ method: 'POST', path: `${EXTENSION_PATH}telemetry`, value }, telemetryAnswer),
    renewCertificate: (csr) =>
      caller.json({ method: 'POST', path: `${EXTENSION_PATH}certificate`, value: { csr } }, renewedCertificate),
    leave: () => caller.json({ method: 'POST', path: `${EXTENSION_PATH}leave`, value: {} }, farewell),
  }
}

const nothing: Decode<void> = () => undefined
