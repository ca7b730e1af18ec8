import type { Page } from 'playwright-core'
import t from 'tap'
import { apiOf } from '../support/api.ts'
import { launchBrowser } from '../support/browser.ts'
import { emptyDirectory } from '../support/directory.ts'
import { startService } from '../support/service.ts'
import { openConsole } from './consolePage.ts'
import { startMisbehavingOwner } from './misbehavingOwner.ts'

const owner = await startMisbehavingOwner()
t.teardown(() => owner.close())
const service = await startService({ dataDir: emptyDirectory(t) })
t.teardown(() => service.end('SIGKILL'))
const api = apiOf(service.url)
const browser = await launchBrowser(t)
const target = { url: `${owner.origin}/ok` }

/** Chooses an action, and confirms it. */
async function choose(page: Page, action: string, confirmation: string): Promise<void> {
  await page.getByRole('button', { name: `${action}…` }).click()
  await page.getByRole('dialog').getByRole('button', { name: confirmation }).click()
}

await t.test('everything about a schedule is shown, its payload as it was written', async (t) => {
  await fetch(`${service.url}/schedules`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: `{"name":"all","at":"2030-12-01T09:00:00","timeZone":"Asia/Kolkata","expiresAfterSeconds":3600,"payload":{"id":12345678901234567890},
      "target":{"url":"${owner.origin}/ok?a=1","method":"PUT","headers":{"x-tenant":"7"}},"retry":{"maxAttempts":3,"initialDelaySeconds":2,"maxDelaySeconds":60}}`,
  })
  const { id = '', createdAt = '' } = ((await api.read('all')) ?? {}) as { id?: string; createdAt?: string }
  const { page, complaints } = await openConsole(t, browser, service.url, { hash: '#/schedules/all' })
  await page.getByRole('heading', { level: 1, name: 'all' }).waitFor()
  await page.getByText('"id": 12345678901234567890').waitFor()
  for (const text of [
    `PUT ${owner.origin}/ok?a=1`,
    'x-tenant',
    '2030-12-01T09:00:00.000+05:30 Asia/Kolkata',
    '2030-12-01 05:30:00.000',
    '3 attempts at most, the second after 2 s, then twice as long each time, up to 1 min',
    id,
    'default',
  ]) {
    t.ok((await page.getByText(text).count()) > 0, text)
  }
  t.ok((await page.locator(`time[datetime="${createdAt}"]`).count()) > 0)
  t.same(complaints, [])
})

await t.test('attempts are shown with when they were due and begun, how long they took, and what came of them', async (t) => {
  await api.create({
    name: 'tried',
    delaySeconds: 0,
    target: { url: `${owner.origin}/failing` },
    retry: { maxAttempts: 2, initialDelaySeconds: 0.05 },
  })
  const { attempts } = await api.waitForStatus('tried', 'failed')
  const { page, complaints } = await openConsole(t, browser, service.url, { hash: '#/schedules/tried' })
  const items = page.getByRole('region', { name: 'Attempts' }).getByRole('listitem')
  await items.first().waitFor()
  t.match(await items.getByRole('heading').allTextContents(), [/Attempt 1: not taken.*500/, /Attempt 2: failed.*500/])
  for (const [index, { dueAt, startedAt, latenessMs, durationMs }] of attempts.entries()) {
    const item = items.nth(index)
    for (const moment of [dueAt, startedAt]) t.ok((await item.locator(`time[datetime="${moment}"]`).count()) > 0, moment)
    t.match(await item.textContent(), `${latenessMs} ms late, took ${durationMs} ms`)
    // What an owner answers is text, whatever it looks like.
    t.equal(await item.locator('pre').textContent(), '<b>out of order</b>')
  }
  t.same(complaints, [])
})

await t.test('a schedule is run ahead of its time, and seen to be delivered', async (t) => {
  await api.create({ name: 'ahead', delaySeconds: 3600, target })
  const { page, complaints } = await openConsole(t, browser, service.url, { hash: '#/schedules/ahead' })
  await choose(page, 'Run now', 'Run now')
  await page.getByRole('status').getByText('ahead is being delivered.').waitFor()
  await owner.waitForCalls(1, 'ahead')
  await page.getByRole('heading', { name: /Attempt 1: delivered/ }).waitFor()
  t.equal(await page.getByRole('button', { name: 'Run now…' }).count(), 0)
  t.same(complaints, [])
})

await t.test('what has failed is retried, and what was delivered is delivered again', async (t) => {
  await api.create({ name: 'again', delaySeconds: 0, target: { url: `${owner.origin}/gone` } })
  await api.waitForStatus('again', 'failed')
  const { page } = await openConsole(t, browser, service.url, { hash: '#/schedules/again' })
  await choose(page, 'Retry', 'Retry')
  await owner.waitForCalls(2, 'again')

  await api.create({ name: 'twice', delaySeconds: 0, target })
  await api.waitForStatus('twice', 'delivered')
  await page.goto(`${service.url}/console#/schedules/twice`)
  await choose(page, 'Deliver again', 'Deliver again')
  await owner.waitForCalls(2, 'twice')
})

await t.test('a schedule is moved to another moment in a zone', async (t) => {
  await api.create({ name: 'moved', delaySeconds: 3600, target })
  const { page, complaints } = await openConsole(t, browser, service.url, { hash: '#/schedules/moved' })
  await page.getByRole('button', { name: 'Reschedule…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Reschedule: moved' })
  await dialog.getByLabel('Date and time').fill('2031-01-02T09:30:00')
  await dialog.getByLabel('In the zone').fill('America/New_York')
  await dialog.getByText('2031-01-02 14:30:00 UTC').waitFor()
  await dialog.getByRole('button', { name: 'Reschedule' }).click()
  await page
    .getByRole('status')
    .getByText(/moved is due/)
    .waitFor()
  await page.locator('time[datetime="2031-01-02T14:30:00.000Z"]').first().waitFor()
  t.match(await api.read('moved'), { at: '2031-01-02T14:30:00.000Z', timeZone: 'America/New_York' })
  t.equal(await dialog.count(), 0)
  t.same(complaints, [])
})

await t.test('a time that the clocks skip is refused, with what it could mean, and taken once one is chosen (422)', async (t) => {
  await api.create({ name: 'skipped', delaySeconds: 3600, target })
  const { page } = await openConsole(t, browser, service.url, { hash: '#/schedules/skipped' })
  await page.getByRole('button', { name: 'Reschedule…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Date and time').fill('2031-03-30T02:30:00')
  await dialog.getByLabel('In the zone').fill('Europe/Berlin')
  await dialog.getByRole('button', { name: 'Reschedule' }).click()
  await dialog
    .getByRole('alert')
    .getByText(/earlier \(2031-03-30T01:30/)
    .waitFor()
  await dialog.getByLabel('A time that a clock change skips or repeats').selectOption('later')
  await dialog.getByRole('button', { name: 'Reschedule' }).click()
  await dialog.waitFor({ state: 'detached' })
  t.match(await api.read('skipped'), { at: '2031-03-30T01:30:00.000Z' })
})

await t.test('a schedule is canceled, and never delivered', async (t) => {
  await api.create({ name: 'unwanted', delaySeconds: 3600, target })
  const { page, complaints } = await openConsole(t, browser, service.url, { hash: '#/schedules/unwanted' })
  await choose(page, 'Cancel', 'Cancel the schedule')
  await page.getByRole('status').getByText('unwanted is canceled.').waitFor()
  await page.getByText(/and never is\.$/).waitFor()
  t.match(await api.read('unwanted'), { status: 'canceled' })
  t.equal(await page.getByRole('button', { name: /…$/ }).count(), 0)
  t.same(complaints, [])
})

await t.test('what somebody else has changed meanwhile is left alone, and shown (412)', async (t) => {
  await api.create({ name: 'contested', delaySeconds: 3600, target })
  const { page } = await openConsole(t, browser, service.url, { hash: '#/schedules/contested' })
  await page.getByRole('button', { name: 'Cancel…' }).click()
  const { at } = await api.change('contested', { delaySeconds: 7200 })
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Cancel the schedule' }).click()
  await dialog
    .getByRole('alert')
    .getByText(/Nothing was done. Look at what it is now, and decide again./)
    .waitFor()
  t.match(await api.read('contested'), { status: 'scheduled' })
  await page.keyboard.press('Escape')
  await page.locator(`time[datetime="${at}"]`).first().waitFor()
  await choose(page, 'Cancel', 'Cancel the schedule')
  await page.getByRole('status').getByText('contested is canceled.').waitFor()
})

await t.test('what is being delivered cannot be changed, and why is told (409)', async (t) => {
  await api.create({ name: 'hanging', delaySeconds: 3600, target: { url: `${owner.origin}/never` } })
  const { page } = await openConsole(t, browser, service.url, { hash: '#/schedules/hanging' })
  // Offered as long as it was seen to be scheduled: `If-Match` would tell first that it is not that any more.
  await page.route(/schedules\/hanging$/, async (route, request) => {
    const { 'if-match': _, ...headers } = request.headers()
    await route.continue({ headers })
  })
  await page.getByRole('button', { name: 'Cancel…' }).click()
  await fetch(`${service.url}/schedules/hanging/run`, { method: 'POST' })
  await owner.waitForCalls(1, 'hanging')
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Cancel the schedule' }).click()
  await dialog
    .getByRole('alert')
    .getByText(/20 seconds at most until it is known/)
    .waitFor()
})

await t.test('a schedule that is not there is told so, and what may be the reason (404)', async (t) => {
  const { page } = await openConsole(t, browser, service.url, { hash: '#/schedules/never-was' })
  await page
    .getByRole('alert')
    .getByText(/Finished schedules are removed after a while/)
    .waitFor()
})

for (const [status, code, advice] of [
  [429, 'too_many_requests', 'Nothing was done; try again in 2 s.'],
  [503, 'unavailable', 'Look at whether it was done, and try again in 2 s.'],
] as const) {
  await t.test(`a service that has too much to do is told, and when to try again (${status})`, async (t) => {
    const name = `busy-${status}`
    await api.create({ name, delaySeconds: 3600, target })
    const { page } = await openConsole(t, browser, service.url, { hash: `#/schedules/${name}` })
    await page.route(/\/run$/, (route) =>
      route.fulfill({
        status,
        headers: { 'retry-after': '2' },
        contentType: 'application/problem+json',
        body: JSON.stringify({ type: 'about:blank', title: 'Too much', status, code, detail: 'There is too much to do.' }),
      }),
    )
    await choose(page, 'Run now', 'Run now')
    await page.getByRole('dialog').getByRole('alert').getByText(`Too much. There is too much to do. ${advice}`).waitFor()
  })
}
