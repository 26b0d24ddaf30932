/** A web server in a lab host that serves the install surface: `serve-install.ts BUNDLE HOST PORT`. */
import { installSurface } from '@slapos/master/install/index.ts'
import fastify from 'fastify'

const [bundleDirectory = '', host = '', port = ''] = process.argv.slice(2)
const webUrl = `http://${host}:${port}/`
const app = fastify()
await app.register(installSurface, { bundleDirectory, addresses: () => ({ apiUrl: `https://${host}:5443/`, webUrl }) })
await app.listen({ host, port: Number(port) })
process.stdout.write('listening\n')
