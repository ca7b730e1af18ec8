import t from 'tap'
import { seriousFindings } from '../support/browser.ts'
import { composer, edit, openDemo, published, schedule, secondsAhead, textOf, waiting, write } from './visitor.ts'

const { demo, browser } = await openDemo(t)
const appeared = textOf('Appeared')
await schedule(await browser.open(demo.url), appeared, secondsAhead(4))

await t.test('it can be done by keyboard alone', async (t) => {
  const page = await browser.open(demo.url)
  const text = textOf('Typed')
  await page.keyboard.press('Tab')
  await page.keyboard.type(text)
  await page.keyboard.press('Tab')
  await page.keyboard.press('ArrowRight')
  t.ok(await composer(page).getByLabel('In a minute').isChecked())
  await page.keyboard.press('Enter')
  await waiting(page, text).getByRole('button', { name: /^Edit/ }).press('Enter')
  await page.getByRole('dialog').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await waiting(page, text).waitFor({ state: 'detached' })
})

for (const colorScheme of ['light', 'dark'] as const) {
  await t.test(`nothing keeps people from using it: ${colorScheme}`, async (t) => {
    const page = await browser.open(demo.url, { colorScheme })
    const text = textOf('Looked at')
    await schedule(page, text, secondsAhead(3600))
    await published(page, appeared).waitFor()
    t.same(await seriousFindings(page), [])
    await write(page, 'Never', '2031-03-30T02:30')
    await composer(page).getByRole('alert').getByRole('button').first().waitFor()
    t.same(await seriousFindings(page), [])
    await edit(page, text)
    t.same(await seriousFindings(page), [])
  })
}

await t.test('it fits on screens down to 360 pixels', async (t) => {
  for (const width of [360, 390, 768, 1280]) {
    const page = await browser.open(demo.url, { width })
    await published(page, appeared).waitFor()
    t.equal(await page.evaluate('document.documentElement.scrollWidth'), width)
  }
})

await t.test('no page has complained of anything', async (t) => {
  t.same(browser.complaints, [])
})
