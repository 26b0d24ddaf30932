import { cp, mkdir, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { BuildStep } from '@slapos/release'
import { programOf, runCommand } from '../command.ts'
import type { BuildContext } from '../context.ts'
import { download } from '../download.ts'
import { unpack } from '../source.ts'
import { runAptStep } from './apt.ts'

/** Runs one step of a release's build. Paths of steps were validated: they are relative and stay inside. */
export async function runStep(context: BuildContext, step: BuildStep): Promise<void> {
  const { directory } = context
  switch (step.type) {
    case 'apt':
      return await runAptStep(context, step)
    case 'npm':
      return await npm(context, join(directory, step.in ?? '.'))
    case 'git':
      return await git(context, step)
    case 'url': {
      const file = await download(context, step.url, step.sha256)
      const into = join(directory, step.into)
      if (step.unpack) return await unpack({ ...context, url: step.url }, file, into)
      await mkdir(dirname(into), { recursive: true })
      return await cp(file, into)
    }
    case 'run': {
      const { command, in: folder = '.', environment = {} } = step
      await runCommand(context, command, { in: join(directory, folder), environment })
    }
  }
}

async function npm(context: BuildContext, folder: string): Promise<void> {
  const locked = await stat(join(folder, 'package-lock.json')).catch(() => undefined)
  const quiet = ['--no-audit', '--no-fund', '--no-update-notifier', '--omit=dev']
  const environment = { npm_config_cache: join(context.directory, '.build/npm') }
  const command = [programOf(context, 'npm'), locked ? 'ci' : 'install', ...quiet]
  await runCommand(context, command, { in: folder, environment })
}

async function git(context: BuildContext, step: Extract<BuildStep, { type: 'git' }>): Promise<void> {
  const { url, commit } = step
  const folder = join(context.directory, step.into)
  const program = programOf(context, 'git')
  const protocols = context.localSources ? 'https:file' : 'https'
  const environment = { GIT_ALLOW_PROTOCOL: protocols }
  const run = (...args: string[]) => runCommand(context, [program, '-C', folder, ...args], { environment })
  await runCommand(context, ['mkdir', '-p', folder])
  await run('init', '--quiet')
  // Most servers give a commit by its id; the others only what a branch or tag leads to.
  await run('fetch', '--quiet', '--depth=1', url, commit).catch(async () => {
    await run('fetch', '--quiet', '--tags', url, '+refs/heads/*:refs/remotes/origin/*')
  })
  await run('-c', 'advice.detachedHead=false', 'checkout', '--quiet', commit)
  await rm(join(folder, '.git'), { recursive: true, force: true })
}
