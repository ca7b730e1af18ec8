import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Browser, chromium, type Page } from 'playwright-core'
import type { Scope } from './directory.ts'

/** Debian's; another one is named by the environment. */
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'

/** A real browser, without a window. */
export async function openBrowser(t: Scope): Promise<Browser> {
  // Without its sandbox, which root cannot have; it sees pages of ours alone.
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  t.teardown(() => browser.close())
  return browser
}

interface Finding {
  readonly id: string
  readonly impact: string | null
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[]
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe finds on the page as it is that keeps people from using it: what it rates as serious or critical. */
export async function seriousFindings(page: Page): Promise<string[]> {
  // Not as a script of the page, which its content security policy may not allow.
  const { violations } = (await page.evaluate(`${axe};axe.run()`)) as { readonly violations: readonly Finding[] }
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}: ${failureSummary ?? ''}`))
}
