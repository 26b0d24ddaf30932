/** The greeter: serves its message at /, and the greetings of its slaves at their paths. */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { serveController } from '@slapos/release/controller'
import { createGreetings } from './greetings.ts'

interface Settings {
  readonly address: string
  readonly port: number
  readonly message: string
  readonly title: string
  readonly child?: string
}

const [path = 'etc/greeter.json'] = process.argv.slice(2)
const read = (): Settings => JSON.parse(readFileSync(path, 'utf8'))
let settings = read()
const greetings = createGreetings(`http://${settings.address}:${settings.port}/`)

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://greeter')
  const found = pathname === '/' ? front() : greetings.at(pathname.slice(1))
  response.setHeader('content-type', 'text/plain; charset=utf-8')
  if (found === undefined) response.writeHead(404).end('No greeting here.\n')
  else response.end(`${found}\n`)
})

function front(): string {
  return settings.child ? `${settings.message}\nChild: ${settings.child}` : settings.message
}

server.listen(settings.port, settings.address, () => {
  console.log(`greeting at http://${settings.address}:${settings.port}/`)
})
process.on('SIGHUP', () => {
  settings = read()
  console.log('settings read again')
})
const controller = process.env['SLAPOS_CONTROLLER_SOCKET']
  ? serveController({ onSnapshot: greetings.replace, onDelta: greetings.change })
  : undefined
process.on('SIGTERM', () => {
  controller?.close()
  server.close()
  server.closeAllConnections()
})
