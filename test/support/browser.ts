import { existsSync } from 'node:fs'
import axe, { type AxeResults } from 'axe-core'
import { type Browser, chromium, type Page } from 'playwright-core'
import type { Scope } from './directory.ts'

const { CHROMIUM = '/usr/bin/chromium' } = process.env

interface PageOptions {
  readonly width?: number
  readonly height?: number
  /** A phone's, which is touched. */
  readonly isPhone?: boolean
  readonly colorScheme?: 'light' | 'dark'
  /** Where whoever looks at it is. */
  readonly timeZone?: string
}

export interface TestBrowser {
  /** Opens a page in a window of its own, which shares nothing with the others. */
  open(url: string, options?: PageOptions): Promise<Page>
  /** What pages have thrown, or were refused by their own policy. */
  readonly complaints: readonly string[]
}

/**
 * Starts a browser, which ends with the test.
 *
 * @throws Error that says how to get one
 */
export async function launchBrowser(t: Scope): Promise<Browser> {
  if (!existsSync(CHROMIUM)) {
    throw new Error(`There is no ${CHROMIUM}: "apt-get install chromium", or say in CHROMIUM where the browser is.`)
  }
  const browser = await chromium.launch({ executablePath: CHROMIUM })
  t.teardown(() => browser.close())
  return browser
}

/** Starts a browser for whoever looks at pages, and listens to what these complain of. */
export async function openBrowser(t: Scope): Promise<TestBrowser> {
  const browser = await launchBrowser(t)
  const complaints: string[] = []
  return {
    complaints,
    async open(url, { width = 1280, height = 800, isPhone = false, colorScheme = 'light', timeZone = 'Europe/Berlin' } = {}) {
      const context = await browser.newContext({
        viewport: { width, height },
        isMobile: isPhone,
        hasTouch: isPhone,
        colorScheme,
        timezoneId: timeZone,
      })
      const page = await context.newPage()
      page.on('pageerror', (error) => complaints.push(error.message))
      page.on('console', (message) => {
        // That an answer was no 2xx is for the page to tell.
        if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) complaints.push(message.text())
      })
      await page.goto(url)
      return page
    },
  }
}

/** What axe finds on a page, as it is now, that keeps people from using it: one line for each, with where it is. */
export async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate<AxeResults>('axe.run()')
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)
}
