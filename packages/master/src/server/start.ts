import { fileURLToPath } from 'node:url'
import { messageOf, systemClock, writeVersioned } from '@slapos/base'
import type { FastifyInstance } from 'fastify'
import { mountPanel } from '../api/panel/mount.ts'
import { openServerCertificate } from '../identity/index.ts'
import { createInstaller } from '../install/index.ts'
import { isLoopback, serverNames, urlOf, withSlash } from './addresses.ts'
import { createApp } from './app.ts'
import { listenForCommands } from './control.ts'
import { openCore } from './core.ts'
import { prepareDataDirectory } from './data-directory.ts'
import { serverErrors } from './errors.ts'
import { guardWeb } from './guard.ts'
import { certificateCheck, installerCheck, panelCheck } from './health-checks.ts'
import { listen } from './listen.ts'
import { lockDirectory } from './lock.ts'
import type { JoinInput, Master, MasterOptions } from './options.ts'
import { servePanel } from './panel-files.ts'
import { proxiesOf } from './proxies.ts'
import { publiclyTrusted } from './publicly-trusted.ts'
import { redirectToWeb } from './redirect.ts'
import { apiSurfaces, metricsSurface, publicSurfaces, type Urls } from './surfaces.ts'
import { apiListener, type Listener, webPlainListener, webTlsListener } from './tls.ts'
import { keepBeforeUpgrade } from './upgrade.ts'
import { VERSION } from './version.ts'
import { openWebCertificate } from './web-certificate.ts'

/** Answers that are on their way when a Master stops get this long. */
const DRAIN_MS = 5_000
const DAY = 86_400_000
const HTTPS = 443
const HTTP = 80
const PANEL = fileURLToPath(new URL('../../../panel/dist', import.meta.url))
export const RUNNING_FORMAT = 1

/** Starts a whole Master in this process. Fails with one clear line, and leaves nothing behind then. */
export async function startMaster(options: MasterOptions): Promise<Master> {
  const { logger, clock = systemClock, api, web, publicUrls = {} } = options
  if (!web.tls && !isLoopback(web.host)) throw serverErrors.WEB_NEEDS_TLS({ host: web.host })
  const files = await prepareDataDirectory(options.dataDirectory)
  await using stack = new AsyncDisposableStack()
  stack.defer(await lockDirectory(files.directory))
  const { steps, backup } = await keepBeforeUpgrade(files, options.database)
  if (backup !== undefined)
    logger.info(`upgrading the database (${steps.join(', ')}); the state before is in ${backup}`)
  const core = await openCore({ ...options, files, clock })
  stack.defer(() => core.close())

  const listeners: Listener[] = []
  const certificate = await openServerCertificate({
    ...{ directory: files.pki, authority: core.identity.authority, names: serverNames(options), clock, logger },
    onRenew: (pair) => {
      for (const listener of listeners) listener.renew(pair)
    },
  })
  stack.defer(() => certificate.close())
  const pair = certificate.current()
  let webListener: Listener | undefined
  const webCertificate =
    options.webCertificate &&
    (await openWebCertificate({
      ...{ ...options.webCertificate, clock, logger },
      onRenew: (found) => webListener?.renew(found),
    }))
  if (webCertificate) stack.defer(() => webCertificate.close())

  let urls: Urls = { api: publicUrls.api ?? '', web: publicUrls.web ?? '' }
  const add = (listener: Listener, trusted: readonly string[] = []): FastifyInstance => {
    const app = createApp(listener, logger, trusted)
    stack.defer(() => stop(app, listener))
    return app
  }
  const { authority, peers } = core.identity
  const apiSide = apiListener(pair, authority.trusted, (socket) => void peers.fingerprintOf(socket))
  const apiApp = add(apiSide)
  webListener = web.tls ? webTlsListener(webCertificate?.current() ?? pair) : webPlainListener()
  const webApp = add(webListener, proxiesOf(options.trustedProxies))
  listeners.push(apiSide, ...(webCertificate ? [] : [webListener]))
  guardWeb(webApp, { tls: web.tls, names: () => new Set([urls.web, urls.api].flatMap(hostOf)) })
  await apiSurfaces(apiApp, core, () => urls, clock)
  await publicSurfaces(webApp, core, () => urls)
  metricsSurface(webApp, core, isLoopback)
  const { bundleDirectory } = options
  const addresses = () => ({ apiUrl: urls.api, webUrl: urls.web })
  const installer = bundleDirectory === undefined ? undefined : await createInstaller({ bundleDirectory, addresses })
  const joinCommand =
    options.joinCommand ??
    (installer
      ? (input: JoinInput) => installer.joinCommand({ ...input, publiclyTrusted: isPublic(input.webUrl) })
      : plainJoinCommand)
  const stopPanel = await mountPanel({
    ...core,
    ...{ web: webApp, webTls: web.tls || urlIsTls(publicUrls.web), api: apiApp, clock, logger, version: VERSION },
    masterUrl: () => urls.api,
    allowPrivateHooks: options.allowPrivateReleases ?? false,
    ...(options.mail && { mail: options.mail }),
    webUrl: () => urls.web.replace(/\/$/, ''),
    joinCommand: ({ token, title }) => joinCommand({ token, title, apiUrl: urls.api, webUrl: urls.web }),
  })
  stack.defer(stopPanel)
  await options.install?.(webApp)
  if (installer) await installer.install(webApp)
  const panelDirectory = options.panelDirectory ?? PANEL
  await servePanel(webApp, panelDirectory)
  const renewalFailed = 'It is renewed by itself: the log says why that failed.'
  core.health.add(
    'certificate',
    certificateCheck(() => [certificate.current().cert], clock, 30 * DAY, renewalFailed),
  )
  if (webCertificate) {
    const check = certificateCheck(() => [webCertificate.current().cert], clock, 14 * DAY, NOT_RENEWED)
    core.health.add('web certificate', check)
  }
  core.health.add('panel', panelCheck(panelDirectory))
  core.health.add(
    'installer',
    installerCheck(() => options.install !== undefined || (installer?.ready() ?? false)),
  )

  const apiPort = await listen(apiApp, api)
  const webPort = await listen(webApp, web)
  urls = {
    api: withSlash(publicUrls.api ?? urlOf('https', api.host, apiPort)),
    web: withSlash(publicUrls.web ?? urlOf(web.tls ? 'https' : 'http', web.host, webPort)),
  }
  if (webPort === HTTPS) stack.defer(await redirectToWeb({ host: web.host, port: HTTP }, () => urls.web, logger))
  stack.defer(await listenForCommands(files, { ...core, serverCertificate: certificate }))
  const running = { pid: process.pid, api_url: urls.api, web_url: urls.web, started: clock.now() }
  await writeVersioned(files.running, RUNNING_FORMAT, running, { mode: 0o600 })
  logger.info(`Master ready: API ${urls.api}, web ${urls.web}`)
  // Event streams never end by themselves: they go first.
  stack.defer(() => core.events.close())
  const resources = stack.move()
  return {
    ...{ apiUrl: urls.api, webUrl: urls.web, panelUrl: urls.web, caPath: files.root, parts: core },
    close: () => resources.disposeAsync(),
  }

  function isPublic(webUrl: string): boolean {
    if (!webCertificate) return false
    return publiclyTrusted(webCertificate.current().cert, new URL(webUrl).hostname)
  }

  async function stop(app: FastifyInstance, listener: Listener): Promise<void> {
    const timer = setTimeout(() => listener.destroyAll(), DRAIN_MS)
    try {
      await app.close()
    } catch (error) {
      logger.warning(`a listener did not close: ${messageOf(error)}`)
    } finally {
      clearTimeout(timer)
      listener.destroyAll()
    }
  }
}

/** People reach it by HTTPS: a proxy of theirs speaks it. */
const urlIsTls = (url: string | undefined): boolean => url?.startsWith('https:') === true

const NOT_RENEWED = 'Renew it: the Master takes the files of --web-cert and --web-key up when they change.'

const hostOf = (url: string): string[] => (URL.canParse(url) ? [new URL(url).hostname] : [])

/** Without an installer of its own, the Master names the tutorial's. */
const plainJoinCommand = ({ token, title, webUrl }: JoinInput): string => {
  const name = title === '' ? '' : ` SLAPOS_NAME='${title.replaceAll("'", '')}'`
  return `wget ${webUrl}slapos && SLAPOS_TOKEN=${token}${name} bash slapos`
}
