import { apiOf } from '../support/api.ts'
import type { Proof } from '../support/proof.ts'
import { type Besieged, keys } from './besieged.ts'

const count = 30

interface Page {
  readonly items: readonly { readonly application: string; readonly name: string }[]
  readonly nextCursor: string | null
}

/** Lists, cancels by prefix, cursors and batches of one application never touch or show the other's. */
export async function foreignLists({ service: { url }, owner }: Besieged): Promise<Proof> {
  const violations: string[] = []
  const [blog, shop] = [apiOf(url, keys.blog), apiOf(url, keys.shop)]
  const items = Array.from({ length: count }, (_, index) => ({
    name: `both-${index}`,
    delaySeconds: 86_400,
    target: { url: owner.origin },
  }))
  for (const key of [keys.blog, keys.shop]) await ask(url, key, '/schedules/batch', 'POST', { items })
  const theirs = await shop.list('namePrefix=both-')
  const pages = await foreignPages(url)
  for (const { text, page } of pages) {
    if (page?.items.some(({ application }) => application !== 'blog'))
      violations.push(`a foreign cursor shows blog what is shop's: ${text.slice(0, 300)}`)
  }
  await ask(url, keys.blog, '/schedules/batch', 'POST', {
    items: items.map((item) => Object.assign({}, item, { payload: 'blog', ifExists: 'replace' })),
  })
  const canceled = (await ask(url, keys.blog, '/schedules?namePrefix=both-', 'DELETE')).text
  if (!canceled.includes(`"canceled":${count}`)) violations.push(`of ${count} of its own blog canceled ${canceled}`)
  const day = `from=${new Date(Date.now()).toISOString()}&to=${new Date(Date.now() + 2 * 86_400_000).toISOString()}`
  const timeline = (await ask(url, keys.blog, `/timeline?${day}&buckets=1&status=scheduled`, 'GET')).text
  if (!timeline.includes('"counts":{"scheduled":0}')) violations.push(`all of blog's are canceled, but its timeline counts ${timeline}`)
  const left = await shop.list('namePrefix=both-')
  if (left.length !== count || JSON.stringify(left) !== JSON.stringify(theirs))
    violations.push('a batch or a cancel of blog has touched what is of shop')
  for (const [application, api] of [
    ['blog', blog],
    ['shop', shop],
  ] as const) {
    const foreign = (await api.list()).filter((schedule) => (schedule as unknown as Page['items'][number]).application !== application)
    if (foreign.length > 0) violations.push(`the list of ${application} shows ${foreign.length} of others`)
  }
  const refused = pages.filter(({ page }) => page === undefined).length
  return {
    figures: [
      `${count} schedules of each application under the same names: ${pages.length} foreign cursors, ${refused} refused, the others led to its own; batches, cancels by prefix and timelines stay with their own`,
    ],
    violations,
  }
}

/** What shop's cursors give blog. */
async function foreignPages(url: string): Promise<{ text: string; page: Page | undefined }[]> {
  const pages: { text: string; page: Page | undefined }[] = []
  for (const order of ['limit=7', 'limit=7&namePrefix=both-', 'limit=7&status=scheduled']) {
    let cursor: string | null = ''
    while (cursor !== null) {
      const own: Page = JSON.parse((await ask(url, keys.shop, `/schedules?${order}${cursor && `&cursor=${cursor}`}`, 'GET')).text) as Page
      cursor = own.nextCursor
      if (cursor === null) break
      const { status, text } = await ask(url, keys.blog, `/schedules?${order}&cursor=${cursor}`, 'GET')
      pages.push({ text, page: status === 200 ? (JSON.parse(text) as Page) : undefined })
    }
  }
  return pages
}

async function ask(url: string, key: string, path: string, method: string, body?: object): Promise<{ status: number; text: string }> {
  const response = await fetch(url + path, {
    method,
    headers: { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, text: await response.text() }
}
