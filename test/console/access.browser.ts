import { join } from 'node:path'
import t from 'tap'
import { apiOf } from '../support/api.ts'
import { writeApplications } from '../support/applications.ts'
import { launchBrowser } from '../support/browser.ts'
import { emptyDirectory } from '../support/directory.ts'
import { startService } from '../support/service.ts'
import { openConsole, watch } from './consolePage.ts'
import { startMisbehavingOwner } from './misbehavingOwner.ts'

const keys = { blog: 'key-of-blog-0123456789', shop: 'key-of-shop-0123456789', slow: 'key-of-slow-0123456789' }
const owner = await startMisbehavingOwner()
t.teardown(() => owner.close())
const directory = emptyDirectory(t)
const file = join(directory, 'applications.json')
writeApplications(file, {
  blog: { key: keys.blog, origin: owner.origin },
  shop: { key: keys.shop, origin: owner.origin },
  slow: { key: keys.slow, origin: owner.origin, maxRequestsPerSecond: 10 },
})
const service = await startService({ dataDir: join(directory, 'data'), env: { APPLICATIONS_FILE: file } })
t.teardown(() => service.end('SIGKILL'))
for (const name of ['blog', 'shop'] as const) {
  await apiOf(service.url, keys[name]).create({ name: `of-the-${name}`, delaySeconds: 1800, target: { url: owner.origin } })
}
const browser = await launchBrowser(t)

await t.test('a key is asked for where the service wants one, and shows its application and no other', async (t) => {
  const { page, complaints } = await openConsole(t, browser, service.url, { hash: '#/schedules' })
  await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor()
  t.equal(await page.evaluate(() => document.activeElement?.getAttribute('name')), 'key')
  await page.keyboard.type(keys.blog)
  await page.keyboard.press('Enter')
  // Where it was meant to go.
  await page.getByRole('row', { name: /of-the-blog/ }).waitFor()
  t.equal(await page.getByText('of-the-shop').count(), 0)
  t.same(complaints, [])
})

await t.test('a wrong key is refused, and not kept', async (t) => {
  const { page } = await openConsole(t, browser, service.url)
  await page.getByLabel('API key').fill('wrong')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').getByText('No valid API key.').waitFor()
  t.equal(await page.evaluate(() => sessionStorage.length), 0)
  t.ok(await page.getByLabel('API key').isVisible())
})

await t.test('the key is in no address, in no cookie, in nothing that outlives the tab, and another tab has none', async (t) => {
  const { page, requests } = await openConsole(t, browser, service.url)
  await page.getByLabel('API key').fill(keys.blog)
  await page.keyboard.press('Enter')
  await page.getByText('1 pending').waitFor()
  await page.getByRole('link', { name: 'Schedules' }).click()
  await page.getByRole('link', { name: 'of-the-blog' }).click()
  await page.getByRole('heading', { level: 1, name: 'of-the-blog' }).waitFor()
  t.notMatch(page.url(), keys.blog)
  t.notMatch(requests.join(), keys.blog)
  const kept = (await page.evaluate('JSON.stringify([localStorage, document.cookie, history.state])')) as string
  t.notMatch(kept, keys.blog)
  t.same(await page.context().cookies(), [])
  // The tab itself has it still.
  await page.reload()
  await page.getByRole('heading', { level: 1, name: 'of-the-blog' }).waitFor()

  const another = await page.context().newPage()
  watch(another, service.url)
  await another.goto(page.url())
  await another.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor()
})

await t.test('who signs out leaves nothing behind, neither a key nor what it has shown', async (t) => {
  const { page } = await openConsole(t, browser, service.url, { hash: '#/schedules' })
  await page.getByLabel('API key').fill(keys.blog)
  await page.keyboard.press('Enter')
  await page.getByRole('row', { name: /of-the-blog/ }).waitFor()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor()
  t.equal(await page.evaluate(() => sessionStorage.length), 0)
  t.notMatch(await page.content(), 'of-the-blog')
  await page.reload()
  await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor()
})

await t.test('a key that is not good any more is told, and asked for anew', async (t) => {
  const { page } = await openConsole(t, browser, service.url, {
    prepare: (page) => page.addInitScript(() => sessionStorage.setItem('punctual.key', 'rotated-away')),
  })
  await page.getByText('does not take this tab’s key any more').waitFor()
  await page.getByLabel('API key').fill(keys.shop)
  await page.keyboard.press('Enter')
  await page.getByText('1 pending').waitFor()
})

await t.test('an application that may make few requests a second is shown more slowly, and all of it', async (t) => {
  const { page, complaints } = await openConsole(t, browser, service.url)
  let refused = 0
  page.on('response', (response) => {
    if (response.status() === 429) refused++
  })
  await page.getByLabel('API key').fill(keys.slow)
  await page.keyboard.press('Enter')
  await page.getByText('a sample of 0 delivered schedules').waitFor()
  await page.waitForFunction(() => document.querySelectorAll('[aria-busy]').length > 0)
  await page.waitForFunction(() => document.querySelectorAll('[aria-busy=true]').length === 0)
  t.ok(refused > 0)
  t.equal(await page.locator('.problem').count(), 0)
  t.same(complaints, [])
})

await t.test('development mode asks for none', async (t) => {
  const development = await startService({ dataDir: join(directory, 'development') })
  t.teardown(() => development.end('SIGKILL'))
  const { page, complaints } = await openConsole(t, browser, development.url)
  await page.getByText('0 pending').waitFor()
  t.equal(await page.getByRole('button', { name: 'Sign out' }).count(), 0)
  t.same(complaints, [])
})
