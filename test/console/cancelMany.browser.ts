import t from 'tap'
import { apiOf } from '../support/api.ts'
import { launchBrowser } from '../support/browser.ts'
import { emptyDirectory } from '../support/directory.ts'
import { startService } from '../support/service.ts'
import { apiRequests, openConsole } from './consolePage.ts'
import { startMisbehavingOwner } from './misbehavingOwner.ts'

const owner = await startMisbehavingOwner()
t.teardown(() => owner.close())
const service = await startService({ dataDir: emptyDirectory(t) })
t.teardown(() => service.end('SIGKILL'))
const api = apiOf(service.url)
const browser = await launchBrowser(t)
const target = { url: `${owner.origin}/ok` }

async function create(prefix: string, count: number): Promise<void> {
  await api.createAll(Array.from({ length: count }, (_, index) => ({ name: `${prefix}${index}`, delaySeconds: 3600, target })))
}

await t.test('all that begin with a prefix are counted, canceled once the prefix is typed again, and nothing else is', async (t) => {
  await create('post-', 7)
  await create('other-', 3)
  await api.create({ name: 'post-delivered', delaySeconds: 0, target })
  await api.waitForStatus('post-delivered', 'delivered')
  const { page, complaints } = await openConsole(t, browser, service.url, { hash: '#/schedules?namePrefix=post-' })
  await page.getByRole('button', { name: 'Cancel by prefix…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Cancel by prefix' })
  t.equal(await dialog.getByLabel('Name begins with').inputValue(), 'post-')
  await page.keyboard.press('Enter')
  await dialog.getByText('This cancels 7 schedules').waitFor()
  const cancel = dialog.getByRole('button', { name: 'Cancel 7 schedules' })
  t.ok(await cancel.isDisabled())
  await dialog.getByLabel('Type post- to confirm').fill('post')
  t.ok(await cancel.isDisabled())
  t.equal((await api.list('status=scheduled')).length, 10)
  await dialog.getByLabel('Type post- to confirm').fill('post-')
  await cancel.click()
  await page.getByRole('status').getByText('Canceled 7 schedules beginning with post-; left 1 as they were.').waitFor()
  t.equal(await dialog.count(), 0)
  t.same(new Set((await api.list('status=scheduled')).map(({ name }) => name)), new Set(['other-0', 'other-1', 'other-2']))
  await page.getByRole('row', { name: /post-6 .*canceled/ }).waitFor()
  t.same(complaints, [])
})

await t.test('where there is nothing to cancel, nothing is asked for', async (t) => {
  const { page } = await openConsole(t, browser, service.url, { hash: '#/schedules' })
  await page.getByRole('button', { name: 'Cancel by prefix…' }).click()
  await page.getByRole('dialog').getByLabel('Name begins with').fill('nothing-')
  await page.keyboard.press('Enter')
  await page.getByRole('status').getByText('there is nothing to cancel').waitFor()
  t.equal(await page.getByRole('button', { name: /^Cancel \d/ }).count(), 0)
})

await t.test('counting ends after ten requests, and says that there are more', async (t) => {
  for (let batch = 0; batch < 11; batch++) await create(`many-${batch}-`, 1000)
  const { page, requests } = await openConsole(t, browser, service.url, { hash: '#/schedules?namePrefix=many-' })
  await page.getByText(/^50 schedules/).waitFor()
  const before = apiRequests(requests).length
  await page.getByRole('button', { name: 'Cancel by prefix…' }).click()
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').getByText('This cancels more than 10,000 schedules').waitFor()
  t.equal(
    apiRequests(requests)
      .slice(before)
      .filter((request) => request.includes('limit=1000')).length,
    10,
  )
})

await t.test('Escape leaves them all', async (t) => {
  const { page } = await openConsole(t, browser, service.url, { hash: '#/schedules?namePrefix=other-' })
  const opener = page.getByRole('button', { name: 'Cancel by prefix…' })
  await opener.click()
  await page.keyboard.press('Enter')
  await page.getByText('This cancels 3 schedules').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  t.ok(await opener.evaluate((button) => button.ownerDocument.activeElement === button))
  t.equal((await api.list('status=scheduled&namePrefix=other-')).length, 3)
})
