import t from 'tap'
import { callerOf, isProblem } from '../support/caller.ts'
import { application, composeService } from '../support/composed.ts'

const { app } = await composeService(t, { applications: [application('blog')] })
const { ask } = callerOf(app)

const assets = ['/console', '/console/console.js', '/console/console.css', '/console/licenses.txt']

await t.test('the console asks for no key: it shows nothing without one', async (t) => {
  for (const path of assets) t.equal((await ask({ path, key: '' })).statusCode, 200, path)
  t.equal((await ask({ path: '/schedules', key: '' })).statusCode, 401)
})

await t.test('nothing but what the service serves can run, look, or be asked on it, and nobody can frame it', async (t) => {
  for (const path of assets) {
    const { headers } = await ask({ path, key: '' })
    const policy = String(headers['content-security-policy'])
    t.notMatch(policy, 'unsafe')
    t.notMatch(policy, /https?:/)
    t.same(
      new Set(policy.split(';')),
      new Set([
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'none'",
      ]),
    )
    t.match(headers, { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' })
  }
})

await t.test('the page needs nothing from elsewhere, and nothing that is not there', async (t) => {
  const page = await ask({ path: '/console', key: '' })
  t.match(page.headers['content-type'], 'text/html')
  const sources = [...page.payload.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '')
  const needed = sources.filter((source) => !source.startsWith('data:'))
  t.same(needed.toSorted(), ['console/console.css', 'console/console.js', 'docs'])
  for (const source of needed) t.ok((await ask({ path: `/${source}`, key: '' })).statusCode < 400, source)
})

await t.test('a browser asks each time whether it has the latest, and is answered 304 where it has', async (t) => {
  for (const path of assets) {
    const first = await ask({ path, key: '' })
    t.match(first.headers, { etag: /^"[\w-]+"$/, 'cache-control': 'no-cache' })
    const again = await ask({ path, key: '', headers: { 'if-none-match': String(first.headers.etag) } })
    t.equal(again.statusCode, 304)
    t.equal(again.payload, '')
    t.equal(again.headers.etag, first.headers.etag)
    t.equal((await ask({ path, key: '', headers: { 'if-none-match': '"another"' } })).statusCode, 200)
  }
})

await t.test('with a slash at its end it leads to the one without', async (t) => {
  const { statusCode, headers } = await ask({ path: '/console/', key: '' })
  t.equal(statusCode, 308)
  t.equal(new URL(String(headers.location), 'http://localhost/console/').pathname, '/console')
})

await t.test('other methods are refused, other paths are not there, and the API document says nothing of it', async (t) => {
  isProblem(t, await ask({ method: 'POST', path: '/console', body: {}, key: '' }), 405, 'method_not_allowed')
  isProblem(t, await ask({ path: '/console/../../package.json', key: '' }), 404, 'not_found')
  isProblem(t, await ask({ path: '/console/index.html', key: '' }), 404, 'not_found')
  t.notMatch((await ask({ path: '/openapi.json', key: '' })).payload, '/console')
})
