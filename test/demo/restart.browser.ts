import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import t from 'tap'
import { openBrowser } from '../support/browser.ts'
import { emptyDirectory } from '../support/directory.ts'
import { freePort } from '../support/freePort.ts'
import { published, schedule, secondsAhead, textOf, waiting } from './visitor.ts'

const browser = await openBrowser(t)
const env = { PORT: String(await freePort()), PUNCTUAL_PORT: String(await freePort()), DATA_DIR: emptyDirectory(t) }

/** `npm run demo`, in a process of its own. */
async function run() {
  const child = spawn(process.execPath, [new URL('run.ts', import.meta.url).pathname], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'close')
  const stop = async () => {
    child.kill('SIGTERM')
    await ended
  }
  t.teardown(stop)
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /^ {2}page +(\S+)$/.exec(line)?.[1]
    if (url !== undefined) return { url, stop }
  }
  throw new Error('npm run demo has ended without saying where its page is')
}

await t.test('what waits and what has appeared is there again when all was stopped and started', async (t) => {
  const [appeared, overdue, waits] = [textOf('Appeared'), textOf('Overdue'), textOf('Waits')]
  const first = await run()
  const page = await browser.open(first.url)
  await schedule(page, waits, secondsAhead(3600))
  const at = secondsAhead(4)
  await schedule(page, appeared, at)
  await schedule(page, overdue, at + 1000)
  await published(page, appeared).waitFor()
  await first.stop()
  await page.getByText('The application does not answer').waitFor()

  await run()
  // By itself: the page asks until somebody answers.
  await page.getByText('The application does not answer').waitFor({ state: 'hidden' })
  await published(page, overdue).waitFor()
  await page.reload()
  await waiting(page, waits).waitFor()
  await published(page, appeared).waitFor()
  t.equal(await published(page, overdue).count(), 1)
})
