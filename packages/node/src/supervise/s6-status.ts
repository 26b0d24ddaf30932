/**
 * s6-supervise's own word on its process: the file `supervise/status`, rewritten by rename at each change. Layout (all
 * numbers big-endian): two TAI64N stamps of 12 bytes (last change, readiness), pid in 8, since s6 2.12 the process
 * group in 8, wait status in 2, flags in 1 (1 paused, 2 finishing, 4 wanted up, 8 ready). A test checks it against s6-svstat.
 */
export interface S6Status {
  /** 0: no process. While `finishing` it is the pid of the finish script. */
  readonly pid: number
  readonly finishing: boolean
  readonly wantedUp: boolean
  /** Wall clock, milliseconds. */
  readonly since: number
}

const LENGTHS: readonly number[] = [35, 43]
/** TAI64 labels count from 2^62; TAI was 37 s ahead of UTC when its leap seconds stopped. */
const TAI_HIGH = 0x40000000
const TAI_OFFSET_S = 37

export function parseS6Status(bytes: Uint8Array): S6Status | undefined {
  if (!LENGTHS.includes(bytes.length)) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const flags = view.getUint8(bytes.length - 1)
  const seconds = (view.getUint32(0) - TAI_HIGH) * 2 ** 32 + view.getUint32(4) - TAI_OFFSET_S
  return {
    pid: view.getUint32(28),
    finishing: (flags & 2) !== 0,
    wantedUp: (flags & 4) !== 0,
    since: seconds * 1000 + Math.round(view.getUint32(8) / 1e6),
  }
}
