import type { Page } from 'playwright-core'
import type { Seeded } from './seed.ts'

export interface ShownPage {
  readonly name: string
  readonly path: string
  /** Brings the page into the state that is to be seen. */
  readonly prepare?: (page: Page) => Promise<void>
}

/** Every page of the panel. */
export function pagesOf({ computer, service, broken, helloId }: Seeded): readonly ShownPage[] {
  const heading = (name: string | RegExp) => async (page: Page) => {
    await page.getByRole('heading', { name }).first().waitFor()
  }
  const chart = async (page: Page) => page.locator('.u-wrap').first().waitFor()
  return [
    { name: 'home', path: '/', prepare: heading('Needs attention') },
    { name: 'servers', path: '/servers', prepare: async (page) => page.getByRole('link', { name: 'paris' }).waitFor() },
    {
      name: 'token',
      path: '/servers',
      prepare: async (page) => {
        await page.getByRole('button', { name: 'Add a server' }).click()
        await page.getByRole('button', { name: 'Make a token' }).click()
        await page.getByText('Waiting for the machine').waitFor()
      },
    },
    { name: 'server', path: `/servers/${computer}`, prepare: heading('paris') },
    ...['partitions', 'processes', 'promises', 'usage', 'log', 'certificates', 'history'].map((tab) => ({
      name: `server-${tab}`,
      path: `/servers/${computer}?tab=${tab}`,
      prepare: tab === 'usage' ? chart : heading('paris'),
    })),
    {
      name: 'supply',
      path: `/servers/${computer}/supply`,
      prepare: async (page) => page.getByText('Hello World', { exact: true }).first().click(),
    },
    { name: 'installation', path: `/servers/${computer}/software/${helloId}`, prepare: heading('Build log') },
    {
      name: 'services',
      path: '/services',
      prepare: async (page) => page.getByRole('link', { name: 'Greeter' }).waitFor(),
    },
    {
      name: 'add-service',
      path: '/services/add',
      prepare: async (page) => {
        await page.getByText('Hello World', { exact: true }).first().click()
        await page.locator('.schema-form').waitFor()
      },
    },
    { name: 'service', path: `/services/${service}`, prepare: heading('Connection parameters') },
    { name: 'service-broken', path: `/services/${broken}`, prepare: heading('Connection parameters') },
    {
      name: 'service-parameters',
      path: `/services/${service}?tab=parameters`,
      prepare: async (page) => page.locator('.schema-form').waitFor(),
    },
    ...['processes', 'promises', 'logs', 'usage', 'history'].map((tab) => ({
      name: `service-${tab}`,
      path: `/services/${service}?tab=${tab}`,
      prepare: tab === 'usage' ? chart : heading('Greeter'),
    })),
    { name: 'software', path: '/software', prepare: heading('Hello World') },
    { name: 'monitoring', path: '/monitoring', prepare: heading('Promises') },
    { name: 'map', path: '/map', prepare: async (page) => page.getByRole('link', { name: 'paris' }).waitFor() },
    { name: 'activity', path: '/activity', prepare: heading('Activity') },
    ...['account', 'people', 'notifications', 'clients', 'api-tokens', 'sessions'].map((tab) => ({
      name: `settings-${tab}`,
      path: `/settings?tab=${tab}`,
      prepare: heading('Settings'),
    })),
  ]
}
