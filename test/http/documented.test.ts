import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'

interface Document {
  readonly paths: Record<string, Record<string, { readonly responses: Record<string, unknown> }>>
}

const { paths } = JSON.parse(readFileSync(new URL('../../openapi/openapi.json', import.meta.url), 'utf8')) as Document
const tests = join(import.meta.dirname, '..')

/** The names of all tests, and of those only. */
const names = readdirSync(tests, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.startsWith('bench'))
  .flatMap((file) => [...readFileSync(join(tests, file), 'utf8').matchAll(/\bt\.test\(\s*(['"`])(.+?)\1,/g)].map((match) => match[2] ?? ''))

/** What they name: `POST /schedules 201`, `GET /schedules 401, 422`, or `any route 503`. */
const named = new Set(
  names.flatMap((name) =>
    [...name.matchAll(/((?:GET|POST|PATCH|PUT|DELETE) \/\S*|any route) (\d{3}(?:, \d{3})*)/g)].flatMap(([, route = '', statuses = '']) =>
      statuses.split(', ').map((status) => `${route.split('?')[0]} ${status}`),
    ),
  ),
)

await t.test('every status of every route that is documented has a test that is named by both', async (t) => {
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, { responses }] of Object.entries(methods)) {
      for (const status of Object.keys(responses)) {
        const route = `${method.toUpperCase()} ${path}`
        t.ok(named.has(`${route} ${status}`) || named.has(`any route ${status}`), `${route} ${status}`)
      }
    }
  }
})
