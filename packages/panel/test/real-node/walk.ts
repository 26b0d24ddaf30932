import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { helloworld, makeCloud, type TestCloud, type Up } from '../../../cli/test/cloud.ts'
import { openBrowser } from '../browser.ts'

/** A person before a browser, and a whole cloud: Master and node as `slapos up` starts them. */
export interface Walk extends AsyncDisposable {
  readonly cloud: TestCloud
  readonly up: Up
  readonly page: Page
  /** Loads of a document since the log-in: a page that shows the present by itself needs none. */
  loads(): number
  logIn(): Promise<void>
  /** A service of helloworld, by the command line; it need not be there yet. */
  request(title: string): Promise<void>
  /** Another machine uses a token: by `slapos node register`, which only root may, or as a classic node asks. */
  join(title: string, token: string): Promise<void>
  /** The same with a token that does not count any more. */
  refuse(title: string, token: string): Promise<void>
  /** To the list of services by the menu, and there to this one. */
  openService(title: string): Promise<void>
  /** axe finds nothing serious on what is shown now. */
  accessible(): Promise<void>
}

export async function beginWalk(...options: readonly string[]): Promise<Walk> {
  await using stack = new AsyncDisposableStack()
  const cloud = await makeCloud()
  stack.defer(() => cloud.end())
  const up = await cloud.up('--no-demo', ...options)
  const browser: Browser = await openBrowser()
  stack.defer(() => browser.close())
  const context = await browser.newContext({
    locale: 'en-GB',
    reducedMotion: 'reduce',
    viewport: { width: 1280, height: 860 },
  })
  const page = await context.newPage()
  page.setDefaultTimeout(60_000)
  let loads = 0
  page.on('load', () => {
    loads += 1
  })
  const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  const ends = stack.move()
  return {
    ...{ cloud, up, page },
    loads: () => loads,
    async logIn() {
      const { panel_url, user, password } = JSON.parse(await readFile(join(cloud.root, 'cloud.json'), 'utf8'))
      await page.goto(panel_url)
      await page.getByLabel('User name').fill(user)
      await page.getByLabel('Password', { exact: true }).fill(password)
      await page.getByRole('button', { name: 'Log in' }).click()
      await page.getByRole('heading', { name: 'Home' }).waitFor()
      loads = 0
    },
    async request(title) {
      const { code, err } = await cloud.slapos('request', title, helloworld)
      // 2: its connection parameters are not published yet.
      assert.ok(code === 0 || code === 2, err)
    },
    async join(title, token) {
      const [api, web] = [`https://127.0.0.1:${cloud.ports[0]}/`, `http://127.0.0.1:${cloud.ports[1]}/`]
      if (process.getuid?.() !== 0) {
        const headers = { 'X-Access-Token': token }
        const body = new URLSearchParams({ title })
        const answer = await fetch(`${web}Person_requestComputer`, { method: 'POST', body, headers })
        assert.equal(answer.status, 200, await answer.text())
        return
      }
      const root = join(cloud.root, title)
      await cloud.ok(
        ...['node', 'register', title, '--cfg', join(root, 'slapos.cfg'), '--token', token],
        ...['--master-url', api, '--master-url-web', web],
        ...['--software-root', join(root, 'software'), '--instance-root', join(root, 'partitions')],
      )
    },
    async refuse(title, token) {
      const headers = { 'X-Access-Token': token }
      const body = new URLSearchParams({ title })
      const url = `http://127.0.0.1:${cloud.ports[1]}/Person_requestComputer`
      const answer = await fetch(url, { method: 'POST', body, headers })
      assert.equal(answer.status, 403, await answer.text())
    },
    async openService(title) {
      await page.getByRole('link', { name: 'Services', exact: true }).first().click()
      await page.getByRole('heading', { name: 'Services', exact: true }).waitFor()
      // The page before may name it too.
      await page.getByRole('table').getByRole('link', { name: title, exact: true }).click()
      await page.getByRole('heading', { name: title, exact: true }).waitFor()
    },
    async accessible() {
      const { violations } = (await page.evaluate(`${axe}; axe.run(document)`)) as AxeResult
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
      assert.deepEqual(
        serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)}`),
        [],
      )
    },
    [Symbol.asyncDispose]: () => ends.disposeAsync(),
  }
}

interface AxeResult {
  readonly violations: readonly {
    readonly id: string
    readonly impact: string
    readonly nodes: readonly { readonly html: string }[]
  }[]
}

/** `it` for tests that go on where the one before ended: after a failed one the others say so at once. */
export function steps(): (name: string, step: () => Promise<void>) => void {
  let failed: string | undefined
  return (name, step) =>
    void it(name, async () => {
      assert.equal(failed, undefined, 'a step before this one failed')
      failed = name
      await step()
      failed = undefined
    })
}

export async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 60_000
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`still not so after 60 s: ${holds}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
