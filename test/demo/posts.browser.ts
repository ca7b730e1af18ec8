import t from 'tap'
import { edit, fieldValue, openDemo, press, published, schedule, secondsAhead, textOf, waiting, withdraw } from './visitor.ts'

const { demo, browser } = await openDemo(t)

for (const [screen, options] of Object.entries({ desktop: {}, phone: { width: 390, height: 844, isPhone: true } })) {
  await t.test(`a post appears at its moment, and not before: ${screen}`, async (t) => {
    const page = await browser.open(demo.url, options)
    const [text, at] = [textOf('On time'), secondsAhead(4)]
    await schedule(page, text, at)
    t.equal(await published(page, text).count(), 0)
    await published(page, text).waitFor()
    t.ok(Date.now() >= at, 'it was not there before')
    const lateness = Number(/(\d+) ms late/.exec((await published(page, text).textContent()) ?? '')?.[1])
    t.ok(lateness < 500, `${lateness} ms late`)
    await waiting(page, text).waitFor({ state: 'detached' })
  })

  await t.test(`an edited post appears as it is then, at its new moment: ${screen}`, async (t) => {
    const page = await browser.open(demo.url, options)
    const [before, after] = [textOf('Before'), textOf('After')]
    await schedule(page, before, secondsAhead(3600))
    const dialog = await edit(page, before)
    const at = secondsAhead(4)
    await dialog.getByLabel('Post').fill(after)
    await dialog.getByLabel('Date and time').fill(fieldValue(at))
    await press(dialog.getByRole('button', { name: 'Save' }))
    await dialog.waitFor({ state: 'hidden' })
    await published(page, after).waitFor()
    t.ok(Date.now() >= at)
    t.equal(await published(page, before).count(), 0)
  })

  await t.test(`a withdrawn post never appears: ${screen}`, async (t) => {
    const page = await browser.open(demo.url, options)
    const [withdrawn, later] = [textOf('Withdrawn'), textOf('Later')]
    const at = secondsAhead(6)
    await schedule(page, withdrawn, at)
    await schedule(page, later, at + 1000)
    await withdraw(page, withdrawn)
    await published(page, later).waitFor()
    t.equal(await published(page, withdrawn).count(), 0)
  })
}

await t.test('what a post says is text, whatever it looks like', async (t) => {
  const page = await browser.open(demo.url)
  const text = textOf('<img src=x onerror=alert(1)>')
  await schedule(page, text, secondsAhead(4))
  await published(page, text).waitFor()
  t.equal(await page.locator('li img').count(), 0)
})

await t.test('what was changed elsewhere meanwhile is not overwritten, and that is told', async (t) => {
  const [here, there] = [await browser.open(demo.url), await browser.open(demo.url)]
  const [text, other] = [textOf('Mine'), textOf('Theirs')]
  await schedule(here, text, secondsAhead(3600))
  const mine = await edit(here, text)
  const theirs = await edit(there, text)
  await theirs.getByLabel('Post').fill(other)
  await theirs.getByRole('button', { name: 'Save' }).click()
  await waiting(here, other).waitFor()
  await mine.getByLabel('Post').fill(textOf('Lost'))
  await mine.getByRole('button', { name: 'Save' }).click()
  await mine.getByText('changed elsewhere').waitFor()
  await mine.getByRole('button', { name: 'Leave it as it is' }).click()
  t.equal(await waiting(here, other).count(), 1)
})

await t.test('no page has complained of anything', async (t) => {
  t.same(browser.complaints, [])
})
