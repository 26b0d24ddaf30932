import { defineInstance, type Instance } from '@slapos/release'
import { findLayout } from './layout.ts'

interface Parameters {
  readonly port: number
  readonly database: string
  readonly 'max-connections': number
  readonly 'shared-buffers': number
}

const USER = 'postgres'

export default defineInstance({
  default(instance: Instance<Parameters>) {
    const { port, database } = instance.parameters
    const host = instance.ipv4
    const { binaries, libraries } = findLayout(instance.release())
    const password = instance.secret('postgres')
    const environment = { LD_LIBRARY_PATH: libraries, PGTZ: 'UTC', TZ: 'UTC', LC_ALL: 'C.UTF-8' }

    // Data is made by initialise.ts, inside this directory, once.
    const data = `${instance.directory('srv', { mode: 0o700 })}/data`
    const passwordFile = instance.file('etc/password', `${password}\n`, { mode: 0o600 })
    const passFile = instance.file('etc/pgpass', `*:*:*:${USER}:${password}\n`, { mode: 0o600 })
    const config = instance.file('etc/postgresql.conf', serverConfig(instance, data), { mode: 0o600 })
    const access = instance.file(
      'etc/pg_hba.conf',
      'host all all 0.0.0.0/0 scram-sha-256\nhost all all ::/0 scram-sha-256\n',
    )
    instance.file('etc/pg_ident.conf', '')

    instance.oneShot('initialise', {
      command: [instance.paths.node, instance.release('initialise.ts'), binaries, data, USER, passwordFile],
      environment,
    })
    const server = instance.service('postgres', {
      command: [instance.paths.node, instance.release('start.ts'), binaries, data, config, database],
      environment,
      reads: [config],
      reload: { signal: 'SIGHUP', reads: [access] },
      // Fast shutdown: clients are disconnected, everything is written.
      stopSignal: 'SIGINT',
      stopTimeout: 60,
    })

    const target = `host=${host} port=${port} user=${USER} dbname=${database} passfile=${passFile} connect_timeout=5`
    instance.promise.process('postgres-runs', server)
    instance.promise.tcp('postgres-listens', { host, port })
    instance.promise.command('postgres-answers', {
      command: [
        '/usr/bin/env',
        `LD_LIBRARY_PATH=${libraries}`,
        `${binaries}/psql`,
        '--no-psqlrc',
        '--no-password',
        '--tuples-only',
        '--command=SELECT version()',
        target,
      ],
    })
    instance.publish({
      url: `postgresql://${USER}:${password}@${host}:${port}/${database}`,
      host,
      port: `${port}`,
      database,
      user: USER,
      password,
    })
  },
})

function serverConfig(instance: Instance<Parameters>, data: string): string {
  const { parameters, ipv4 } = instance
  const settings: Readonly<Record<string, string | number>> = {
    data_directory: data,
    hba_file: instance.path('etc/pg_hba.conf'),
    ident_file: instance.path('etc/pg_ident.conf'),
    listen_addresses: ipv4,
    port: parameters.port,
    // A partition's path may be longer than the name of a socket can be; clients come by TCP.
    unix_socket_directories: '',
    max_connections: parameters['max-connections'],
    shared_buffers: `${parameters['shared-buffers']}MB`,
    password_encryption: 'scram-sha-256',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_destination: 'stderr',
    logging_collector: 'off',
    // Its compiler is not part of the release.
    jit: 'off',
  }
  return Object.entries(settings)
    .map(([key, value]) => `${key} = '${String(value).replaceAll("'", "''")}'\n`)
    .join('')
}
