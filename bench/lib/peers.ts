/**
 * Figures of the existing system, slapos.core 1.24 with its `slapos proxy`, taken earlier on a loaded 2-core virtual
 * machine, not beside each run of ours. Where a range was seen, its better end stands here. Ratios say something, times
 * alone do not.
 */
export const PROXY = 'slapos proxy 1.24'
export const CORE = 'slapos.core 1.24'

export const peers = {
  /** Answers a second of getFullComputerInformation, by number of partitions. It answers an unchanged poll in full. */
  computerAnswers: { 10: 137, 100: 15.8, 1000: 1.2 },
  /** CPU of the server for one answer about 100 partitions, microseconds. */
  computerAnswerCpu: 74_000,
  requestNewMs: 5.6,
  requestExistingMs: 2.8,
  /** CPU seconds of a whole `slapos node instance` that finds nothing to do, by number of partitions. */
  passCpuMs: { 1: 990, 50: 1260 },
  passWallMs: { 1: 1020, 50: 1550 },
  /** Start of a pass to RUNNING; up to a minute of cron comes before. */
  passToRunningMs: 1800,
  installSeconds: 1,
  memoryProxy: 71,
  memoryAgent: 71,
  memorySupervisor: 27,
  helpMs: 1140,
} as const
