import { existsSync, readFileSync } from 'node:fs'
import t from 'tap'
import { callerOf, type Request } from '../support/caller.ts'
import { application, composeService } from '../support/composed.ts'
import { routes, undocumented } from '../support/document.ts'

const folder = new URL('../../openapi/', import.meta.url)
const page = readFileSync(new URL('COMING-FROM.md', folder), 'utf8')
const readme = readFileSync(new URL('../README.md', folder), 'utf8')
const api = readFileSync(new URL('openapi.json', folder), 'utf8')

/** The parts about one other service each, by what it is called. */
const sections = page
  .split(/^## /m)
  .slice(2)
  .map((section) => ({ title: section.slice(0, section.indexOf('\n')), text: section }))

/** The fenced blocks of a language. */
const blocksOf = (text: string, language: string): string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm'))].map(([, block = '']) => block)

/** What is said of Punctual: the right side of each row. */
const rightSides = [...page.matchAll(/^\| .+ \| (.+) \|$/gm)].map(([, right = '']) => right)
const quotedOnTheRight = new Set(rightSides.flatMap((right) => [...right.matchAll(/`([^`]+)`/g)].map(([, quoted = '']) => quoted)))

/** As they are written: a line such as `POST /schedules → 201`, and the body. */
function requestsOf(block: string): { readonly request: Request; readonly status: number }[] {
  return block.split(/\n\n/).map((text) => {
    const [, method = '', path = '', status, body = ''] = /^([A-Z]+) (\S+) → (\d+)\s*([^]*)$/.exec(text) ?? []
    return { request: { method: method as 'GET', path, ...(body === '' ? {} : { text: body }) }, status: Number(status) }
  })
}

/** Whether a path, with names or parameters filled in or left open, is one of the document's. */
function isOf(documented: string, path: string): boolean {
  const pattern = documented.replaceAll(/\{\w+\}/g, '(?:[^/]+)')
  return new RegExp(`^${pattern}$`).test(path.split('?')[0] ?? '')
}

await t.test('each request on the page is accepted as it is written, and answered as the page and the document say', async (t) => {
  // Not started: nobody is called.
  const allowedOrigins = ['http://main-server:3000', 'https://main-server.example.com']
  const { app } = await composeService(t, { applications: [application('blog', { allowedOrigins })] })
  const { ask } = callerOf(app)
  for (const { title, text } of sections) {
    const requests = blocksOf(text, 'http').flatMap(requestsOf)
    t.ok(requests.length > 1, title)
    for (const { request, status } of requests) {
      const response = await ask(request)
      t.equal(response.statusCode, status, `${title}: ${request.method} ${request.path}: ${response.payload}`)
      const route = routes.find(({ method, path }) => method === request.method && isOf(path, request.path ?? ''))
      t.ok(route, `${request.method} ${request.path}`)
      const type = String(response.headers['content-type'])
      if (route !== undefined) t.equal(undocumented(route, { status: response.statusCode, type, text: response.payload }), undefined)
    }
  }
})

await t.test('each route that the page names is in the document, with its parameters', async (t) => {
  const named = [...page.matchAll(/`(GET|POST|PATCH|DELETE) (\/[^`]*)`/g)]
  t.ok(named.length > 20)
  for (const [, method = '', target = ''] of named) {
    const [path = '', query = ''] = target.split('?')
    const route = routes.find((route) => route.method === method && route.path === path)
    t.ok(route, `${method} ${path}`)
    const parameters = new Set(route?.operation.parameters?.map(({ name }) => name))
    for (const parameter of new URLSearchParams(query).keys()) t.ok(parameters.has(parameter), `${target}: ${parameter}`)
  }
})

await t.test('each field, header, variable and metric that the page ascribes to Punctual is in its API or its README', async (t) => {
  const words = [...quotedOnTheRight].filter((quoted) => /^[\w-]+$/.test(quoted))
  t.ok(words.length > 20)
  for (const word of words) t.ok(new RegExp(`["\`/ ]${word}\\b`, 'i').test(api + readme), word)
})

await t.test('of each service there is a table, one job there and here, and what is lost', async (t) => {
  t.same(
    sections.map(({ title }) => title),
    ['BullMQ', 'pg-boss', 'QStash', 'Google Cloud Tasks', 'EventBridge Scheduler'],
  )
  for (const { title, text } of sections) {
    t.ok([...text.matchAll(/^\| .+ \| .+ \|$/gm)].length > 15, title)
    t.equal(blocksOf(text, 'js').length, 1, title)
    t.equal(blocksOf(text, 'http').length, 1, title)
    t.match(text, '**You lose**', title)
  }
})

await t.test('each link leads somewhere', async (t) => {
  const anchorsOf = (text: string): Set<string> =>
    new Set(
      [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
        heading
          .toLowerCase()
          .replaceAll(/[^\w -]/g, '')
          .replaceAll(' ', '-'),
      ),
    )
  for (const [, link = ''] of page.matchAll(/\]\(([^)]+)\)/g)) {
    if (link.startsWith('https://')) continue
    const [file = '', anchor] = link.split('#')
    const url = new URL(file === '' ? 'COMING-FROM.md' : file, folder)
    t.ok(existsSync(url), link)
    if (anchor !== undefined) t.ok(anchorsOf(readFileSync(url, 'utf8')).has(anchor), link)
  }
})
