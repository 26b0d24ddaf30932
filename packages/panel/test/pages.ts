import type { Page } from 'playwright-core'
import { catalogue } from '../src/text/catalogue.ts'
import type { Language, TextKey } from '../src/text/text.ts'
import type { Seeded } from './seed.ts'

export interface ShownPage {
  readonly name: string
  readonly path: string
  /** Brings the page into the state that is to be seen. */
  readonly prepare?: (page: Page) => Promise<void>
}

/** Every page of the panel, and the dialogs that stand on them. */
export function pagesOf(
  { computer, service, broken, helloId }: Seeded,
  language: Language = 'en',
): readonly ShownPage[] {
  const t = (key: TextKey) => (language === 'en' ? key : catalogue[key][language === 'fr' ? 0 : 1])
  const heading = (key: TextKey) => named(t(key))
  const named = (name: string) => async (page: Page) => {
    await page.getByRole('heading', { name }).first().waitFor()
  }
  const press = (key: TextKey) => async (page: Page) => {
    await page
      .getByRole('button', { name: t(key) })
      .first()
      .click()
    await page.getByRole('dialog').waitFor()
  }
  const chart = async (page: Page) => page.locator('.u-wrap').first().waitFor()
  return [
    { name: 'home', path: '/', prepare: heading('Needs attention') },
    { name: 'servers', path: '/servers', prepare: async (page) => page.getByRole('link', { name: 'paris' }).waitFor() },
    {
      name: 'token',
      path: '/servers',
      prepare: async (page) => {
        await page.getByRole('button', { name: t('Add a server') }).click()
        await page.getByRole('button', { name: t('Make a token') }).click()
        await page.getByText(t('Waiting for the machine. The token is shown only now.')).waitFor()
      },
    },
    { name: 'server', path: `/servers/${computer}`, prepare: named('paris') },
    ...['partitions', 'processes', 'promises', 'usage', 'log', 'certificates', 'history'].map((tab) => ({
      name: `server-${tab}`,
      path: `/servers/${computer}?tab=${tab}`,
      prepare: tab === 'usage' ? chart : named('paris'),
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
    { name: 'service-why', path: `/services/${broken}`, prepare: press('Why?') },
    { name: 'service-destroy', path: `/services/${service}`, prepare: press('Destroy') },
    { name: 'service-broken', path: `/services/${broken}`, prepare: heading('Connection parameters') },
    {
      name: 'service-parameters',
      path: `/services/${service}?tab=parameters`,
      prepare: async (page) => page.locator('.schema-form').waitFor(),
    },
    ...['processes', 'promises', 'logs', 'usage', 'history'].map((tab) => ({
      name: `service-${tab}`,
      path: `/services/${service}?tab=${tab}`,
      prepare: tab === 'usage' ? chart : named('Greeter'),
    })),
    { name: 'software', path: '/software', prepare: named('Hello World') },
    { name: 'monitoring', path: '/monitoring', prepare: heading('Promises') },
    { name: 'map', path: '/map', prepare: async (page) => page.getByRole('link', { name: 'paris' }).waitFor() },
    { name: 'activity', path: '/activity', prepare: heading('Activity') },
    ...['account', 'people', 'notifications', 'feeds', 'clients', 'api-tokens', 'sessions'].map((tab) => ({
      name: `settings-${tab}`,
      path: `/settings?tab=${tab}`,
      prepare: heading('Settings'),
    })),
    { name: 'add-release', path: '/software', prepare: press('Add by URL') },
    { name: 'rename', path: `/servers/${computer}`, prepare: press('Rename') },
    { name: 'new-api-token', path: '/settings?tab=api-tokens', prepare: press('Add') },
    {
      name: 'palette',
      path: '/',
      prepare: async (page) => {
        await heading('Needs attention')(page)
        await page.keyboard.press('Control+k')
        await page.getByRole('combobox').fill('par')
        await page.getByRole('option', { name: 'paris' }).waitFor()
      },
    },
    {
      name: 'keys',
      path: '/',
      prepare: async (page) => {
        await heading('Needs attention')(page)
        await page.keyboard.press('?')
        await page.getByRole('dialog').waitFor()
      },
    },
    { name: 'page-missing', path: '/nothing/here', prepare: async (page) => page.locator('.empty').waitFor() },
    { name: 'server-missing', path: '/servers/COMP-99', prepare: async (page) => page.locator('.failed').waitFor() },
    { name: 'service-missing', path: '/services/none', prepare: async (page) => page.locator('.failed').waitFor() },
    { name: 'list-nothing', path: '/services?q=zzz', prepare: async (page) => page.locator('.empty').waitFor() },
  ]
}

/** Pages of a cloud in which nothing is yet. */
export const EMPTY_PAGES: readonly ShownPage[] = [
  { name: 'home-empty', path: '/' },
  { name: 'servers-empty', path: '/servers' },
  { name: 'services-empty', path: '/services' },
  { name: 'software-empty', path: '/software' },
  { name: 'monitoring-empty', path: '/monitoring' },
  { name: 'map-empty', path: '/map' },
  { name: 'activity-empty', path: '/activity' },
  { name: 'add-service-empty', path: '/services/add' },
]
