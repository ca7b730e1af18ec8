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
await seed(apiOf(service.url), owner.origin)
const browser = await launchBrowser(t)

await t.test('what is coming is counted by the minute, and each minute leads to its schedules', async (t) => {
  const { page, complaints } = await openConsole(t, browser, service.url)
  const coming = page.getByRole('region', { name: 'What is coming' })
  await coming.getByText(`${pendingCount} pending`).waitFor()
  const minutes = coming.getByRole('list', { name: /Pending schedules/ }).getByRole('link')
  t.equal(await minutes.count(), pendingCount)
  await minutes.first().click()
  await page.getByRole('heading', { level: 1, name: 'Schedules' }).waitFor()
  t.match(page.url(), /#\/schedules\?status=scheduled&from=.*&to=/)
  await page.getByRole('row', { name: /pending-00/ }).waitFor()
  t.equal(await page.getByRole('row', { name: /pending-/ }).count(), 1)
  t.same(complaints, [])
})

await t.test('what happened is counted by outcome, and each outcome leads to its schedules', async (t) => {
  const { page, complaints } = await openConsole(t, browser, service.url)
  const happened = page.getByRole('region', { name: 'What happened' })
  for (const text of ['6 delivered', '2 failed', '1 expired']) await happened.getByText(text).first().waitFor()
  await happened.getByRole('link', { name: /2 failed/ }).click()
  await page.getByRole('row', { name: /failing/ }).waitFor()
  t.equal(await page.getByRole('row', { name: /gone/ }).count(), 1)
  t.equal(await page.getByRole('row', { name: /delivered/ }).count(), 0)
  t.same(complaints, [])
})

await t.test('lateness is told from a sample that says so, and names the latest and those that were retried', async (t) => {
  const { page, complaints } = await openConsole(t, browser, service.url)
  const lateness = page.getByRole('region', { name: 'How punctual' })
  await lateness.getByText('a sample of 6 delivered schedules').waitFor()
  await lateness.getByText('needed a retry: 1 schedule.').waitFor()
  await lateness.getByText(/The latest 6/).click()
  await lateness
    .getByRole('row', { name: /flaky .* yes/ })
    .getByRole('link')
    .click()
  await page.getByRole('heading', { level: 1, name: 'flaky' }).waitFor()
  t.same(complaints, [])
})

await t.test('every chart is also a table of numbers', async (t) => {
  const { page } = await openConsole(t, browser, service.url)
  const happened = page.getByRole('region', { name: 'What happened' })
  await happened.getByText('2 failed').first().waitFor()
  await happened.getByText('As a table').click()
  t.match(await happened.getByRole('columnheader').allTextContents(), ['When', 'delivered', 'unfinished', 'failed', 'expired', 'canceled'])
  await happened.getByRole('table').getByRole('link').first().click()
  await page.getByRole('heading', { level: 1, name: 'Schedules' }).waitFor()
})

await t.test('a range is part of the address, and of what is asked for', async (t) => {
  const { page, requests } = await openConsole(t, browser, service.url)
  await page.getByRole('radio', { name: 'Next 60 days' }).check()
  await page.waitForURL(/#\/\?coming=month$/)
  await page.getByRole('radio', { name: 'Last 24 hours' }).check()
  await page.waitForURL(/#\/\?coming=month&past=day$/)
  await page.reload()
  await page.getByRole('radio', { name: 'Next 60 days', checked: true }).waitFor()
  await page.getByRole('radio', { name: 'Last 24 hours', checked: true }).waitFor()
  t.ok(requests.some((request) => request.includes('/timeline?') && request.includes('buckets=48')))
})

await t.test('one look at it is a few requests, however much there is', async (t) => {
  const { page, requests } = await openConsole(t, browser, service.url)
  await page.getByText('a sample of 6').waitFor()
  const asked = apiRequests(requests)
  t.equal(asked.filter((request) => request.startsWith('GET /timeline')).length, 3)
  t.equal(asked.filter((request) => request.startsWith('GET /schedules?status=delivered')).length, 20)
  t.equal(asked.length, 23)
})

await t.test('it looks again by itself while it can be seen, not while it cannot, and at once when it can again', async (t) => {
  const { page, requests } = await openConsole(t, browser, service.url, { prepare: (page) => page.clock.install() })
  await page.getByText(`${pendingCount} pending`).waitFor()
  const looks = (): number => requests.filter((request) => request.includes('/timeline?')).length
  const looked = looks()
  const again = page.waitForRequest(/timeline/)
  await page.clock.fastForward(10_500)
  await again

  await page.getByText('a sample of 6').waitFor()
  await page.waitForFunction(() => document.querySelectorAll('[aria-busy=true]').length === 0)
  await show(false)
  const unseen = looks()
  t.ok(unseen > looked)
  await page.clock.fastForward(120_000)
  await page.evaluate(() => undefined)
  t.equal(looks(), unseen)
  const seen = page.waitForRequest(/timeline/)
  await show(true)
  await seen

  async function show(isShown: boolean): Promise<void> {
    await page.evaluate((isShown) => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => !isShown })
      document.dispatchEvent(new Event('visibilitychange'))
    }, isShown)
  }
})

await t.test('it looks again when it is asked to, and says so', async (t) => {
  const { page } = await openConsole(t, browser, service.url)
  await page.getByText(`${pendingCount} pending`).waitFor()
  const again = page.waitForRequest(/timeline/)
  await page.getByRole('button', { name: /Refresh/ }).click()
  await again
  await page.getByRole('status').getByText('Refreshed.').waitFor()
})

await t.test('a service that does not answer is told, what was there stays, and all is well once it answers again', async (t) => {
  const { page } = await openConsole(t, browser, service.url)
  await page.getByText(`${pendingCount} pending`).waitFor()
  await page.context().setOffline(true)
  await page.getByRole('button', { name: /Refresh/ }).click()
  await page.getByRole('alert').getByText('The service does not answer.').first().waitFor()
  t.ok(await page.getByText(`${pendingCount} pending`).isVisible())
  await page.context().setOffline(false)
  await page.getByRole('button', { name: /Refresh/ }).click()
  await page.getByText('The service does not answer.').first().waitFor({ state: 'detached' })
})
