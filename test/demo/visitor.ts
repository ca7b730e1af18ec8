import { randomUUID } from 'node:crypto'
import type { Locator, Page } from 'playwright-core'
import { formatLocalTime } from '../../src/domain/time.ts'
import { openBrowser, type TestBrowser } from '../support/browser.ts'
import { emptyDirectory, type Scope } from '../support/directory.ts'
import { freePort } from '../support/freePort.ts'
import { type Demo, startDemo } from './start.ts'

/** The demonstration, and a browser to visit it, both of which end with the test. */
export async function openDemo(t: Scope): Promise<{ demo: Demo; browser: TestBrowser }> {
  const browser = await openBrowser(t)
  const demo = await startDemo({ directory: emptyDirectory(t), port: await freePort(), punctualPort: await freePort() })
  t.teardown(() => demo.stop())
  return { demo, browser }
}

/** A text that no other post has. */
export const textOf = (name: string): string => `${name} ${randomUUID()}`

export const composer = (page: Page): Locator => page.locator('#compose')
/** The post on the list of what waits. */
export const waiting = (page: Page, text: string): Locator => page.locator('#scheduled > li', { hasText: text })
/** The post in the feed. */
export const published = (page: Page, text: string): Locator => page.locator('#feed > li', { hasText: text })

/** A whole second, so many or one more from now: what a field for date and time can say. */
export function secondsAhead(seconds: number): number {
  return (Math.ceil(Date.now() / 1000) + seconds) * 1000
}

/** As such a field has it, in Berlin: where the seconds are 0, it leaves them out. */
export function fieldValue(instant: number): string {
  return formatLocalTime(instant, 'Europe/Berlin').slice(0, 19).replace(/:00$/, '')
}

/** With a finger or a mouse, as the screen has it. */
export async function press(target: Locator): Promise<void> {
  if (await target.page().evaluate('navigator.maxTouchPoints > 0')) await target.tap()
  else await target.click()
}

/** Writes a post for a moment, as fields have it, without waiting for what becomes of it. */
export async function write(page: Page, text: string, moment: string): Promise<void> {
  await composer(page).getByLabel('Post').fill(text)
  await press(composer(page).getByLabel('At another time'))
  await composer(page).getByLabel('Date and time').fill(moment)
  await press(composer(page).getByRole('button', { name: 'Schedule' }))
}

/** Writes a post, and waits until it is on the list. */
export async function schedule(page: Page, text: string, at: number): Promise<void> {
  await write(page, text, fieldValue(at))
  await waiting(page, text).waitFor()
}

/** Opens the form in which a post that waits is edited. */
export async function edit(page: Page, text: string): Promise<Locator> {
  await press(waiting(page, text).getByRole('button', { name: /^Edit/ }))
  const dialog = page.getByRole('dialog')
  await dialog.waitFor()
  return dialog
}

export async function withdraw(page: Page, text: string): Promise<void> {
  await press(waiting(page, text).getByRole('button', { name: /^Withdraw/ }))
  await waiting(page, text).waitFor({ state: 'detached' })
}
