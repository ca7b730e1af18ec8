import { randomUUID } from 'node:crypto'
import t from 'tap'
import { openEmbeddedStore } from '../../src/adapters/embedded/store.ts'
import { makeSystemClock } from '../../src/adapters/system/clock.ts'
import type { Schedule } from '../../src/domain/schedule.ts'
import { launchBrowser } from '../support/browser.ts'
import { emptyDirectory } from '../support/directory.ts'
import { makeRecordingObserver } from '../support/observer.ts'
import { newSchedule } from '../support/schedules.ts'
import { startService } from '../support/service.ts'
import { apiRequests, openConsole } from './consolePage.ts'

const count = Number(process.env.SCHEDULES ?? 200_000)
const chunk = 1000

/** Half of them delivered within the last hour, half of them pending within the next one. */
function schedules(first: number): Schedule[] {
  const now = Date.now()
  return Array.from({ length: chunk }, (_, offset) => {
    const index = first + offset
    const isDelivered = index % 2 === 0
    // None becomes due meanwhile.
    const at = isDelivered ? now - (3_480_000 * index) / count : now + 120_000 + (3_400_000 * index) / count
    const schedule = newSchedule({ application: 'default', name: `post-${index}`, id: randomUUID(), at: Math.round(at), now })
    if (!isDelivered) return schedule
    const attempt = {
      number: 1,
      dueAt: schedule.at,
      startedAt: schedule.at + (index % 7),
      durationMs: 12,
      outcome: 'delivered',
      statusCode: 200,
    } as const
    return {
      ...schedule,
      status: 'delivered',
      dueAt: null,
      attemptCount: 1,
      attempts: [attempt],
      finishedAt: schedule.at + 20,
      removeAt: now + 86_400_000,
    }
  })
}

const dataDir = emptyDirectory(t)
const store = await openEmbeddedStore(dataDir, makeSystemClock(), makeRecordingObserver())
for (let first = 0; first < count; first += chunk) await store.insertTogether?.('default', schedules(first))
await store.close()
const service = await startService({ dataDir })
t.teardown(() => service.end('SIGKILL'))
const browser = await launchBrowser(t)

await t.test(
  `with ${count} schedules, the overview takes as few requests as with none, and says where it has counted no further`,
  async (t) => {
    const { page, requests, complaints } = await openConsole(t, browser, service.url)
    await page
      .getByText(/[\d,]+\+ pending/)
      .first()
      .waitFor()
    await page.getByText('a sample of 300 delivered schedules').waitFor()
    t.equal(apiRequests(requests).length, 23)
    t.ok((await page.getByRole('link', { name: /: 1,000\+ delivered$/ }).count()) > 50)
    t.same(complaints, [])
  },
)

await t.test('a list is one request a page, wherever in it', async (t) => {
  const { page, requests } = await openConsole(t, browser, service.url, { hash: '#/schedules?status=scheduled' })
  for (let turned = 0; turned < 5; turned++) {
    await page.getByText('50 schedules, soonest first, and more on the next page.').waitFor()
    const turning = page.waitForResponse(/schedules\?/)
    await page.getByRole('link', { name: 'Next page' }).click()
    await turning
    await page.waitForFunction(() => document.querySelectorAll('[aria-busy=true]').length === 0)
  }
  t.equal(apiRequests(requests).length, 6)
})

await t.test('a schedule is found by its name, with a request for the list and one for itself', async (t) => {
  const { page, requests } = await openConsole(t, browser, service.url, { hash: `#/schedules?namePrefix=post-${count - 1}` })
  await page.getByRole('link', { name: `post-${count - 1}` }).click()
  await page.getByRole('button', { name: 'Run now…' }).waitFor()
  t.equal(apiRequests(requests).length, 2)
})

await t.test('what would be canceled is counted with ten requests at most', async (t) => {
  const { page, requests } = await openConsole(t, browser, service.url, { hash: '#/schedules?namePrefix=post-' })
  await page.getByText(/^50 schedules/).waitFor()
  await page.getByRole('button', { name: 'Cancel by prefix…' }).click()
  await page.keyboard.press('Enter')
  await page.getByText(/This cancels more than [\d,]+ schedules/).waitFor()
  t.equal(apiRequests(requests).filter((request) => request.includes('limit=1000')).length, 10)
})
