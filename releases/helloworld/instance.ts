import { defineInstance, type Instance } from '@slapos/release'

interface Greeter {
  readonly message: string
  readonly port: number
}

export default defineInstance({
  default(instance: Instance<Greeter & { readonly child: boolean }>) {
    const { message, port, child } = instance.parameters
    const childUrl = child ? instance.request('child', { softwareType: 'child', parameters: { port } })?.url : undefined
    const server = greeter(instance, { message, port, ...(childUrl ? { child: childUrl } : {}) })
    instance.controller(server)
    if (childUrl) instance.publish({ 'child-url': childUrl })
  },

  child(instance: Instance<Greeter>) {
    const { message, port } = instance.parameters
    greeter(instance, { message, port })
  },
})

function greeter(instance: Instance<Greeter>, { message, port, child }: Greeter & { readonly child?: string }) {
  const url = `http://${instance.ipv4}:${port}/`
  const settings = { address: instance.ipv4, port, message, title: instance.title, ...(child ? { child } : {}) }
  const config = instance.file('etc/greeter.json', `${JSON.stringify(settings, null, 2)}\n`)
  const server = instance.service('greeter', {
    command: [instance.paths.node, instance.release('server.ts'), config],
    // A new message is taken without a restart; another address or port needs one, and is in the environment for that.
    environment: { LISTEN: `${instance.ipv4} ${port}` },
    reload: { signal: 'SIGHUP', reads: [config] },
  })
  instance.promise.process('greeter-runs', server)
  instance.promise.tcp('greeter-listens', { host: instance.ipv4, port })
  instance.promise.http('greeter-answers', { url, contains: message.slice(0, 100) })
  instance.publish({ url })
  return server
}
