import { quote, Refused } from './decode.ts'
import type { InstancePlan } from './plan.ts'

/** What no single field shows: names are unique, and what is named exists. Throws `Refused`. */
export function checkReferences(plan: InstancePlan): void {
  unique(
    'services',
    'name',
    plan.services.map((service) => service.name),
  )
  unique(
    'oneShots',
    'name',
    plan.oneShots.map((oneShot) => oneShot.name),
  )
  unique(
    'promises',
    'name',
    plan.promises.map((promise) => promise.name),
  )
  unique(
    'requests',
    'title',
    plan.requests.map((request) => request.title),
  )
  const listening = plan.forwards.map(({ protocol, listenAddress = '*', listenPort }) => {
    return `${protocol} ${listenAddress} ${listenPort}`
  })
  unique('forwards', 'listenPort', listening)
  checkPaths(plan)

  const files = new Set(plan.files.map((file) => file.path))
  const checkReads = (field: string, reads: readonly string[] = []) => {
    reads.forEach((path, index) => {
      if (!files.has(path))
        throw new Refused(`${field}[${index}]`, `names ${quote(path)}, which is no file of the plan`)
    })
  }
  plan.oneShots.forEach(({ reads }, index) => {
    checkReads(`oneShots[${index}].reads`, reads)
  })
  plan.services.forEach(({ reads, reload }, index) => {
    checkReads(`services[${index}].reads`, reads)
    checkReads(`services[${index}].reload.reads`, reload?.reads)
  })

  const services = new Set(plan.services.map((service) => service.name))
  const checkService = (field: string, service: string) => {
    if (!services.has(service)) throw new Refused(field, `names ${quote(service)}, which is no service of the plan`)
  }
  plan.promises.forEach((promise, index) => {
    if (promise.kind === 'process') checkService(`promises[${index}].service`, promise.service)
  })
  if (plan.controller) checkService('controller.service', plan.controller.service)
}

/** A path is one thing: a file, or a directory, or the parent of others. */
function checkPaths({ files, directories }: InstancePlan): void {
  const parents = new Set<string>()
  for (const { path } of [...files, ...directories]) {
    for (let cut = path.lastIndexOf('/'); cut > 0; cut = path.lastIndexOf('/', cut - 1)) parents.add(path.slice(0, cut))
  }
  unique(
    'directories',
    'path',
    directories.map((directory) => directory.path),
  )
  const taken = new Set(directories.map((directory) => directory.path))
  files.forEach(({ path }, index) => {
    if (taken.has(path) || parents.has(path)) {
      throw new Refused(`files[${index}].path`, `is used twice: ${quote(path)}`)
    }
    taken.add(path)
  })
}

function unique(field: string, key: string, values: readonly string[]): void {
  const seen = new Set<string>()
  values.forEach((value, index) => {
    if (seen.has(value)) throw new Refused(`${field}[${index}].${key}`, `is used twice: ${quote(value)}`)
    seen.add(value)
  })
}
