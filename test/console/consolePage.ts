import type { Browser, BrowserContextOptions, Page, Request } from 'playwright-core'
import type { Scope } from '../support/directory.ts'

/** A tab that has the console open, and all that it asked for and complained about. */
export interface ConsolePage {
  readonly page: Page
  /** Each request, as its method and what follows the origin. */
  readonly requests: readonly string[]
  /** Violations of the content security policy, errors, and requests to anywhere else: none, if all is well. */
  readonly complaints: readonly string[]
}

interface Options extends BrowserContextOptions {
  /** Where in the console. */
  readonly hash?: string
  /** Done before the page is there. */
  readonly prepare?: (page: Page) => Promise<unknown>
}

/** Opens the console of the service at `url` in a profile of its own. */
export async function openConsole(
  t: Scope,
  browser: Browser,
  url: string,
  { hash = '', prepare, ...options }: Options = {},
): Promise<ConsolePage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, timezoneId: 'Europe/Berlin', ...options })
  t.teardown(() => context.close())
  const page = await context.newPage()
  const watched = watch(page, url)
  await prepare?.(page)
  await page.goto(`${url}/console${hash}`)
  return { page, ...watched }
}

/** Listens from before the page is there. */
export function watch(page: Page, url: string): Pick<ConsolePage, 'requests' | 'complaints'> {
  const requests: string[] = []
  const complaints: string[] = []
  page.on('request', (request: Request) => {
    if (request.url().startsWith('data:')) return
    if (request.url().startsWith(`${url}/`)) requests.push(`${request.method()} ${request.url().slice(url.length)}`)
    else complaints.push(`a request to ${request.url()}`)
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    // Of an answer such as 409 the browser itself says this.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) complaints.push(message.text())
  })
  return { requests, complaints }
}

/** The requests of the API among them. */
export function apiRequests(requests: readonly string[]): string[] {
  return requests.filter((request) => !/ \/(?:console|docs)/.test(request))
}
