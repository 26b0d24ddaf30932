import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { createCertificateRequest, EXIT, systemClock } from '@slapos/base'
import { type Master, startMaster } from '@slapos/master/server/index.ts'
import { clientFiles } from '../client/config.ts'
import { writeClient } from '../client/configure.ts'
import { processIo } from '../io.ts'
import { ioLogger } from '../io-logger.ts'
import { checkout } from './checkout.ts'
import { type Home, homeAt, readCloudFile, writeCloudFile } from './home.ts'

export interface CloudMasterOptions {
  readonly home: string
  readonly apiPort: string
  readonly panelPort: string
}

const host = '127.0.0.1'
const system = { kind: 'system' } as const

/** The Master of `slapos up`, as its child: with a first user and his client certificate, on loopback only. */
export async function cloudMaster(options: CloudMasterOptions): Promise<number> {
  const home = homeAt(options.home)
  const master = await startMaster({
    dataDirectory: home.master,
    api: { host, port: Number(options.apiPort) },
    web: { host, port: Number(options.panelPort), tls: false },
    allowedReleaseRoots: [join(checkout, 'releases'), home.root],
    allowPrivateReleases: true,
    logger: ioLogger(processIo, 'master'),
    clock: systemClock,
  })
  await firstUser(home, master)
  const ending = Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT'), once(process, 'disconnect')])
  process.send?.('ready')
  await ending
  await master.close()
  // A listener would keep the channel, and with it this process, alive until it is killed.
  process.disconnect?.()
  return EXIT.ok
}

/** Makes what is not there yet; what a cut start left undone is done now. */
async function firstUser(home: Home, master: Master): Promise<void> {
  const known = await readCloudFile(home)
  const { cloud, identity } = master.parts
  if (known.client_cfg === undefined) {
    const user = 'admin'
    const password = randomBytes(12).toString('base64url')
    const person = await administrator(master)
    await identity.credentials.set(person, user, password)
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const issued = await identity.certificates.sign('person', person, createCertificateRequest(privateKey, user), 'all')
    const files = clientFiles(home.client)
    await writeClient(files.config, master.apiUrl, {
      certificate: issued.certificate,
      key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      ca: issued.ca,
    })
    await cloud.catalogue.add({ kind: 'person', person, via: 'certificate' }, join(checkout, 'releases/helloworld'))
    await cloud.catalogue.add({ kind: 'person', person, via: 'certificate' }, join(checkout, 'releases/postgres'))
    await writeCloudFile(home, { user, password, client_cfg: files.config })
  }
  await writeCloudFile(home, {
    cloud_id: known.cloud_id ?? randomBytes(8).toString('hex'),
    master_url: master.apiUrl,
    panel_url: master.webUrl,
  })
}

async function administrator({ parts: { cloud } }: Master): Promise<string> {
  const email = 'admin@localhost'
  const [project] = await cloud.projects.list(system)
  if (project !== undefined) {
    const members = await cloud.projects.members(system, project.project)
    const found = members.find((member) => member.email === email)
    if (found !== undefined) return found.person
  }
  const person = await cloud.people.create(system, { name: 'Administrator', email, operator: true })
  await cloud.projects.create(system, { title: 'Main', owner: person })
  return person
}
