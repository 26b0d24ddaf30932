import { type BenchMaster, startBenchMaster } from '../lib/master.ts'
import type { Row } from '../lib/table.ts'

export const title = 'Master: one more slave, and what is new for the node of its host'

const FEW = 10
const MANY = 10_000
const ONE_BY_ONE = 60

export async function run(): Promise<readonly Row[]> {
  await using master = await startBenchMaster()
  await master.slaves(FEW)
  await master.slaveDeltas(ONE_BY_ONE) // the first ones pay for compiling
  const few = await cost(master)
  await master.slaves(MANY)
  const many = await cost(master)
  return [
    { what: `CPU of the Master beside ${FEW} slaves`, ours: few, unit: 'us' },
    { what: `CPU of the Master beside ${MANY} slaves`, ours: many, unit: 'us', note: 'budget: the same' },
  ]
}

const cost = async (master: BenchMaster) => (await master.cpuPer(() => master.slaveDeltas(ONE_BY_ONE))).cpu
