import t from 'tap'
import { composer, openDemo, textOf, waiting, write } from './visitor.ts'

const { demo, browser } = await openDemo(t)

await t.test('tomorrow at nine is nine on the clocks of the zone that was chosen', async (t) => {
  const page = await browser.open(demo.url, { timeZone: 'America/New_York' })
  const text = textOf('Tomorrow')
  await composer(page).getByLabel('Post').fill(text)
  await composer(page).getByLabel('Tomorrow at 9:00').check()
  t.equal(await composer(page).getByLabel('Time zone').inputValue(), 'America/New_York')
  await composer(page).getByLabel('Time zone').fill('Asia/Tokyo')
  await composer(page).getByRole('button', { name: 'Schedule' }).click()
  const time = waiting(page, text).locator('time')
  t.match(await time.getAttribute('datetime'), /T00:00:00.000Z$/)
  t.match(await time.textContent(), /09:00:00, Asia\/Tokyo$/)
})

await t.test('a local time that the clocks skip is told, with what it could mean', async (t) => {
  const page = await browser.open(demo.url)
  const text = textOf('Skipped')
  await write(page, text, '2031-03-30T02:30')
  const problem = composer(page).getByRole('alert')
  await problem.getByText('does not exist in Europe/Berlin').waitFor()
  t.same(await problem.getByRole('button').allTextContents(), ['01:30 (UTC+01:00)', '03:30 (UTC+02:00)'])
  await problem.getByRole('button', { name: '03:30' }).click()
  t.equal(await waiting(page, text).locator('time').getAttribute('datetime'), '2031-03-30T01:30:00.000Z')
  t.equal(await problem.textContent(), '')
})

await t.test('so is one that comes twice', async (t) => {
  const page = await browser.open(demo.url)
  const text = textOf('Repeated')
  await write(page, text, '2031-10-26T02:30')
  const problem = composer(page).getByRole('alert')
  await problem.getByText('comes twice in Europe/Berlin').waitFor()
  await problem.getByRole('button', { name: '02:30 (UTC+02:00)' }).click()
  t.equal(await waiting(page, text).locator('time').getAttribute('datetime'), '2031-10-26T00:30:00.000Z')
})

await t.test('a moment that is past, a zone that there is not, and a post of nothing are told', async () => {
  const page = await browser.open(demo.url)
  const problem = composer(page).getByRole('alert')
  await write(page, 'Never', '2020-01-01T09:00')
  await problem.getByText('That time is').waitFor()
  await composer(page).getByLabel('Time zone').fill('Europe/Atlantis')
  await composer(page).getByRole('button', { name: 'Schedule' }).click()
  await problem.getByText('That time zone is no name in the time zone database').waitFor()
  await composer(page).getByLabel('Post').fill('  ')
  await composer(page).getByRole('button', { name: 'Schedule' }).click()
  await problem.getByText('A post is some text').waitFor()
})

await t.test('no page has complained of anything', async (t) => {
  t.same(browser.complaints, [])
})
