import t from 'tap'
import { apiOf } from '../support/api.ts'
import { launchBrowser } from '../support/browser.ts'
import { emptyDirectory } from '../support/directory.ts'
import { startService } from '../support/service.ts'
import { apiRequests, openConsole } from './consolePage.ts'
import { startMisbehavingOwner } from './misbehavingOwner.ts'
import { pendingCount, seed } from './seed.ts'

const owner = await startMisbehavingOwner()
t.teardown(() => owner.close())
const service = await startService({ dataDir: emptyDirectory(t) })
t.teardown(() => service.end('SIGKILL'))
const api = apiOf(service.url)
await seed(api, owner.origin)
const browser = await launchBrowser(t)

await t.test('schedules are found by the beginning of their names', async (t) => {
  const { page, complaints } = await openConsole(t, browser, service.url, { hash: '#/schedules' })
  await page.getByRole('searchbox', { name: 'Name begins with' }).fill('delivered-')
  await page.keyboard.press('Enter')
  await page.getByText('5 schedules, by name.').waitFor()
  t.equal(await page.evaluate(() => document.activeElement?.getAttribute('type')), 'search')
  t.equal(await page.getByRole('row', { name: /delivered-/ }).count(), 5)
  t.match(page.url(), /#\/schedules\?namePrefix=delivered-$/)
  t.same(complaints, [])
})

await t.test('by their status', async (t) => {
  const { page } = await openConsole(t, browser, service.url, { hash: '#/schedules' })
  await page.getByRole('combobox', { name: 'Status' }).focus()
  await page.keyboard.press('e')
  await page.getByText('1 schedule, soonest first.').waitFor()
  t.equal(await page.evaluate(() => document.activeElement?.tagName), 'SELECT')
  await page
    .getByRole('row', { name: /expired/ })
    .getByRole('link', { name: 'expired' })
    .click()
  await page.getByRole('heading', { level: 1, name: 'expired' }).waitFor()
})

await t.test('by their time, as the clocks of the chosen zone show it', async (t) => {
  const { page } = await openConsole(t, browser, service.url, { hash: '#/schedules' })
  await page.getByLabel('Due from (Europe/Berlin)').fill('2030-12-01T04:30:00')
  await page.getByLabel('and before').fill('2030-12-01T04:30:01')
  await page.getByRole('button', { name: 'Search' }).click()
  await page.waitForURL(/from=2030-12-01T03%3A30%3A00Z&to=2030-12-01T03%3A30%3A01Z$/)
  await page.getByText('1 schedule, soonest first.').waitFor()
  t.ok(await page.getByRole('row', { name: /kolkata/ }).isVisible())
})

await t.test('a list is read page by page, each with an address of its own, and nothing is left out or comes twice', async (t) => {
  const { page, requests } = await openConsole(t, browser, service.url, { hash: '#/schedules?status=scheduled' })
  const names = async (): Promise<string[]> => page.getByRole('rowheader').getByRole('link').allTextContents()
  await page.getByText('50 schedules, soonest first, and more on the next page.').waitFor()
  const first = await names()
  await page.getByRole('link', { name: 'Next page' }).click()
  await page.getByText(`${pendingCount + 1 - 50} schedules, soonest first.`).waitFor()
  t.equal(await page.evaluate(() => document.activeElement?.textContent?.trim()), 'Results')
  t.equal(new Set([...first, ...(await names())]).size, pendingCount + 1)
  await page.reload()
  await page.getByText(`${pendingCount + 1 - 50} schedules, soonest first.`).waitFor()
  await page.goBack()
  await page.getByText('50 schedules, soonest first').waitFor()
  t.same(await names(), first)
  t.equal(apiRequests(requests).length, 4)
})

await t.test('what is rare among the names is looked for with a bounded number of requests, and then further when asked to', async (t) => {
  const target = { url: `${owner.origin}/ok` }
  for (let batch = 0; batch < 2; batch++) {
    await api.createAll(Array.from({ length: 600 }, (_, index) => ({ name: `rare-${batch}-${index}`, delaySeconds: 86_400, target })))
  }
  await api.create({ name: 'rare-2', delaySeconds: 0, target })
  await api.waitForStatus('rare-2', 'delivered')
  const { page, requests } = await openConsole(t, browser, service.url, { hash: '#/schedules?namePrefix=rare-&status=delivered' })
  await page.getByText('0 among 1,000 names that begin with “rare-”; there are more to look at.').waitFor()
  t.equal(apiRequests(requests).length, 5)
  await page.getByRole('link', { name: 'Look further' }).click()
  await page.getByRole('rowheader', { name: /rare-2/ }).waitFor()
  t.equal(apiRequests(requests).length, 7)
})

await t.test('what cannot be the beginning of a name is refused before it is asked for', async (t) => {
  const { page, requests } = await openConsole(t, browser, service.url, { hash: '#/schedules' })
  await page.getByText(/soonest first/).waitFor()
  const asked = requests.length
  const field = page.getByRole('searchbox', { name: 'Name begins with' })
  await field.fill('-no name')
  await page.keyboard.press('Enter')
  t.ok(await field.evaluate((input) => (input as { validity?: { patternMismatch: boolean } }).validity?.patternMismatch))
  t.equal(requests.length, asked)
})

await t.test('what is refused all the same is told with what to change', async (t) => {
  const { page } = await openConsole(t, browser, service.url, { hash: '#/schedules?namePrefix=!' })
  const refused = page.getByRole('alert').getByText(/namePrefix must be 1 to 128 letters/)
  await refused.waitFor()
  // What was found by something else is not shown beside it.
  await page.goto(`${service.url}/console#/schedules`)
  await page.getByText(/soonest first/).waitFor()
  await page.goto(`${service.url}/console#/schedules?namePrefix=!`)
  await refused.waitFor()
  t.equal(await page.getByRole('row').count(), 0)
})

await t.test('times are told in the zone that was chosen, which is remembered', async (t) => {
  const { page } = await openConsole(t, browser, service.url, { hash: '#/schedules/kolkata' })
  const moment = page.getByRole('definition').first()
  await moment.getByText('2030-12-01 04:30:00.000').waitFor()
  const zone = page.getByRole('combobox', { name: 'Times in' })
  await zone.selectOption('utc')
  await moment.getByText('2030-12-01 03:30:00.000').waitFor()
  await zone.selectOption('own')
  await moment.getByText('2030-12-01 09:00:00.000 Asia/Kolkata').waitFor()
  await page.reload()
  await moment.getByText('2030-12-01 09:00:00.000 Asia/Kolkata').waitFor()
  const stored = (await page.evaluate('Object.keys(localStorage)')) as string[]
  t.same(stored, ['punctual.zone'])
})

await t.test('an address that leads nowhere says so', async (t) => {
  const { page } = await openConsole(t, browser, service.url, { hash: '#/elsewhere' })
  await page.getByRole('heading', { level: 1, name: 'There is nothing here' }).waitFor()
  await page.getByRole('link', { name: 'Go to the overview' }).click()
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
})
