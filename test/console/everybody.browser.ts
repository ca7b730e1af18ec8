import type { Page } from 'playwright-core'
import t from 'tap'
import { apiOf } from '../support/api.ts'
import { launchBrowser, seriousFindings } from '../support/browser.ts'
import { emptyDirectory } from '../support/directory.ts'
import { startService } from '../support/service.ts'
import { openConsole } from './consolePage.ts'
import { startMisbehavingOwner } from './misbehavingOwner.ts'
import { pendingCount, seed } from './seed.ts'

const owner = await startMisbehavingOwner()
t.teardown(() => owner.close())
const service = await startService({ dataDir: emptyDirectory(t) })
t.teardown(() => service.end('SIGKILL'))
const api = apiOf(service.url)
await seed(api, owner.origin)
const browser = await launchBrowser(t)

const loaded = (page: Page): Promise<unknown> => page.waitForFunction(() => document.querySelectorAll('[aria-busy=true]').length === 0)

/** Each view: where it is, and how to get to it. */
const views: Readonly<Record<string, { readonly hash: string; readonly open?: (page: Page) => Promise<void> }>> = {
  overview: {
    hash: '',
    open: async (page) => {
      for (const summary of await page.locator('summary').all()) await summary.click()
    },
  },
  list: { hash: '#/schedules' },
  'empty list': { hash: '#/schedules?namePrefix=nothing' },
  'refused list': { hash: '#/schedules?namePrefix=!' },
  'scheduled one': { hash: '#/schedules/kolkata' },
  'retried one': { hash: '#/schedules/flaky' },
  'failed one': { hash: '#/schedules/failing' },
  'expired one': { hash: '#/schedules/expired' },
  'canceled one': { hash: '#/schedules/canceled' },
  'missing one': { hash: '#/schedules/never-was' },
  'reschedule dialog': { hash: '#/schedules/kolkata', open: (page) => page.getByRole('button', { name: 'Reschedule…' }).click() },
  'cancel dialog': { hash: '#/schedules/kolkata', open: (page) => page.getByRole('button', { name: 'Cancel…' }).click() },
  'cancel by prefix': {
    hash: '#/schedules?namePrefix=pending-',
    open: async (page) => {
      await page.getByRole('button', { name: 'Cancel by prefix…' }).click()
      await page.keyboard.press('Enter')
      await page.getByText('to confirm').waitFor()
    },
  },
  nowhere: { hash: '#/elsewhere' },
}

for (const colorScheme of ['light', 'dark'] as const) {
  await t.test(`axe finds nothing serious on any view, ${colorScheme}`, async (t) => {
    const { page, complaints } = await openConsole(t, browser, service.url, { colorScheme })
    for (const [name, { hash, open }] of Object.entries(views)) {
      await page.goto('about:blank')
      await page.goto(`${service.url}/console${hash}`)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await loaded(page)
      await open?.(page)
      t.same(await seriousFindings(page), [], name)
    }
    t.same(complaints, [])
  })
}

await t.test('every view fits into 390 pixels, without scrolling sideways', async (t) => {
  const { page } = await openConsole(t, browser, service.url, { viewport: { width: 390, height: 844 }, hasTouch: true })
  for (const [name, { hash, open }] of Object.entries(views)) {
    await page.goto('about:blank')
    await page.goto(`${service.url}/console${hash}`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await loaded(page)
    await open?.(page)
    t.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 390), name)
  }
})

const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const element = document.activeElement
    return `${element?.tagName.toLowerCase()}: ${(element?.getAttribute('aria-label') ?? element?.textContent ?? '').trim()}`
  })

/** Presses Tab until this has the focus. */
async function tabTo(page: Page, wanted: RegExp): Promise<void> {
  const passed: string[] = []
  while (passed.length < 60) {
    await page.keyboard.press('Tab')
    const here = await focused(page)
    if (wanted.test(here)) return
    passed.push(here)
  }
  throw new Error(`${wanted} cannot be tabbed to; ${passed.join('; ')} can`)
}

await t.test('all can be done without a pointer: from the overview to a minute, its schedule, and another moment for that', async (t) => {
  const { page, complaints } = await openConsole(t, browser, service.url)
  await page.getByText(`${pendingCount} pending`).waitFor()
  await page.keyboard.press('Tab')
  t.equal(await focused(page), 'a: Skip to content')
  await page.keyboard.press('Enter')
  t.match(await focused(page), /^main/)

  await tabTo(page, /^a: .* 1 pending$/)
  const first = await focused(page)
  await page.keyboard.press('ArrowRight')
  const second = await focused(page)
  t.not(second, first)
  t.match(second, / 1 pending$/)
  await page.keyboard.press('End')
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Schedules' }).waitFor()
  t.equal(await focused(page), 'h1: Schedules')

  await page.getByRole('row', { name: /pending-/ }).waitFor()
  await tabTo(page, /^a: pending-/)
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Reschedule…' }).waitFor()
  t.match(await focused(page), /^h1: pending-/)

  await tabTo(page, /^button: Reschedule…/)
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor()
  t.match(await focused(page), /^input/)
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  t.equal(await focused(page), 'button: Reschedule…')

  await tabTo(page, /^button: Cancel…/)
  await page.keyboard.press('Enter')
  await tabTo(page, /^button: Cancel the schedule/)
  await page.keyboard.press('Enter')
  await page
    .getByRole('status')
    .getByText(/is canceled/)
    .waitFor()
  await page.getByRole('button', { name: 'Cancel…' }).waitFor({ state: 'detached' })
  // What was asked for is not possible any more: reading goes on at the top.
  t.match(await focused(page), /^h1: pending-/)
  t.same(complaints, [])
})

await t.test('what has the focus can be seen to have it', async (t) => {
  const { page } = await openConsole(t, browser, service.url, { hash: '#/schedules?status=scheduled' })
  await page
    .getByRole('row', { name: /pending-/ })
    .first()
    .waitFor()
  for (let step = 0; step < 25; step++) {
    await page.keyboard.press('Tab')
    const outline = await page.evaluate(() => {
      const element = document.activeElement
      if (element === null || element === document.body) return 'none'
      // A radio button is shown by its label.
      return getComputedStyle(element.matches('[type=radio]') ? (element.nextElementSibling ?? element) : element).outlineStyle
    })
    t.not(outline, 'none', await focused(page))
  }
})

await t.test('each view has one main heading, landmarks, and a title of its own', async (t) => {
  const { page } = await openConsole(t, browser, service.url)
  await page.getByText(`pending`).first().waitFor()
  for (const [hash, title] of [
    ['#/', 'Overview · Punctual'],
    ['#/schedules', 'Schedules · Punctual'],
    ['#/schedules/flaky', 'flaky · Punctual'],
  ] as const) {
    await page.evaluate((hash) => {
      location.hash = hash
    }, hash)
    await page.waitForFunction((title) => document.title === title, title)
    t.equal(await page.getByRole('heading', { level: 1 }).count(), 1)
    for (const role of ['banner', 'navigation', 'main'] as const) t.equal(await page.getByRole(role).count(), 1)
  }
})
