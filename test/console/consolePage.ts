import type { Page } from 'playwright-core'
import type { PageOptions, TestBrowser } from '../support/browser.ts'
import type { Scope } from '../support/directory.ts'

/** A tab that has the console open, and all that it has asked for. */
export interface ConsolePage {
  readonly page: Page
  /** Each request, as its method and what follows the origin. */
  readonly requests: readonly string[]
  /** Violations of the content security policy, errors, and requests to anywhere else: none, if all is well. */
  complaints(): string[]
}

interface Options extends PageOptions {
  /** Where in the console. */
  readonly hash?: string
}

/** Opens the console of the service at `url`, in a window that is closed with the test. */
export async function openConsole(t: Scope, browser: TestBrowser, url: string, options: Options = {}): Promise<ConsolePage> {
  const { hash = '', prepare, ...rest } = options
  const requests: string[] = []
  const elsewhere: string[] = []
  const page = await browser.open(`${url}/console${hash}`, {
    ...rest,
    prepare: async (page) => {
      page.on('request', (request) => {
        const address = request.url()
        if (address.startsWith(`${url}/`)) requests.push(`${request.method()} ${address.slice(url.length)}`)
        else if (!address.startsWith('data:')) elsewhere.push(`a request to ${address}`)
      })
      await prepare?.(page)
    },
  })
  t.teardown(() => page.context().close())
  return { page, requests, complaints: () => [...browser.complaints, ...elsewhere] }
}

/** The requests of the API among them. */
export function apiRequests(requests: readonly string[]): string[] {
  return requests.filter((request) => !/ \/(?:console|docs)/.test(request))
}
