import fc, { type Arbitrary } from 'fast-check'
import type { Route } from '../support/document.ts'
import { routes } from '../support/document.ts'
import { spoiled } from '../support/fromSchema.ts'
import { hostileMoments, hostileTexts, manglings, tokens, traps } from './hostileValues.ts'

/** A request with something wrong, and what it was made of. */
export interface HostileRequest {
  readonly route: Route
  readonly method: string
  /** Path and query, as they are sent. */
  readonly target: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Buffer | undefined
}

/** Few names, so that requests meet each other's schedules. */
const names = ['post-1', 'post-2', 'batch', 'run', 'a'] as const

/** @param origin of an owner that may be called */
export function hostileRequests(origin: string, key: string): Arbitrary<HostileRequest> {
  return fc.constantFrom(...weighted()).chain((route) =>
    fc
      .record({
        target: fc.tuple(pathOf(route), queryOf(route)).map((parts) => parts.join('')),
        headers: headersOf(key),
        body: bodyOf(route, origin),
        method: fc.oneof({ weight: 30, arbitrary: fc.constant(route.method) }, fc.constantFrom(...methods)),
      })
      .map(({ method, target, body, headers }) => ({
        route,
        method,
        target,
        body,
        headers: body === undefined ? headers.slice(0, 1) : headers,
      })),
  )
}

/** Routes that take a body have the most to get wrong. */
function weighted(): Route[] {
  return routes.flatMap((route) => Array.from({ length: route.operation.requestBody === undefined ? 1 : 3 }, () => route))
}

const methods = [
  'HEAD',
  'OPTIONS',
  'TRACE',
  'PUT',
  'PATCH',
  'DELETE',
  'PROPFIND',
  'MKCOL',
  'M-SEARCH',
  'QUERY',
  'get',
  'FOO',
  'POST',
] as const

const hostileParts: Arbitrary<string> = fc.oneof(
  fc.constantFrom(...hostileTexts).map((text) => encodeURIComponent(text)),
  fc.constantFrom('%', '%zz', '%e2%80', '%ff', '%c0%ae', '%2e%2e%2f', '%00', '%250a', '+', ';a=b', '*', "'", 'a'.repeat(300), '\\', '%5c'),
  fc.constantFrom(...names),
)

function pathOf({ path }: Route): Arbitrary<string> {
  const often = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...names) }, hostileParts)
  return fc.tuple(often, fc.oneof({ weight: 3, arbitrary: fc.constant('blog') }, hostileParts)).map(([name, application]) => {
    return path.replace('{name}', name).replace('{application}', application)
  })
}

const parameters = [
  'status',
  'from',
  'to',
  'limit',
  'namePrefix',
  'cursor',
  '__proto__',
  'constructor[prototype][x]',
  'limit[]',
  'a',
] as const

function queryOf({ path, method }: Route): Arbitrary<string> {
  const value = fc.oneof(
    hostileParts,
    fc.constantFrom(...hostileMoments).map((text) => encodeURIComponent(text)),
    fc.constantFrom('0', '1', '1000', '1001', '-1', '1e2', '0x10', '1.5', 'scheduled', 'post', '9'.repeat(400)),
    fc.constantFrom('x'.repeat(513), 'x'.repeat(8000), 'bmFtZTphLjE', 'MTc4Lg', 'AAAA', '====', '-1'),
    fc.string({ maxLength: 60 }).map((text) => Buffer.from(text).toString('base64url')),
  )
  const pair = fc.tuple(fc.constantFrom(...parameters), value).map(([name, text]) => `${name}=${text}`)
  const query = fc.array(pair, { minLength: 1, maxLength: 4 }).map((pairs) => `?${pairs.join('&')}`)
  const hasQuery = path === '/schedules' && method !== 'POST'
  return fc.oneof(
    { weight: hasQuery ? 6 : 1, arbitrary: query },
    { weight: hasQuery ? 1 : 8, arbitrary: fc.constantFrom('', '', '', '?', '?&&=') },
  )
}

const hostileHeaders: Readonly<Record<string, readonly string[]>> = {
  'content-type': [
    'text/plain',
    'application/json; charset=utf-16',
    'application/json;',
    'APPLICATION/JSON',
    'application/json, text/html',
    '',
    'x',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    `application/${'x'.repeat(5000)}`,
  ],
  'content-encoding': ['gzip', 'br', 'identity', 'deflate, gzip', 'x', ''],
  accept: ['text/html', '*/*;q=0', 'x', '', 'application/xml', ','.repeat(3000)],
  'if-match': ['', '*', '"', 'W/"x"', '"a", "b"', '"'.repeat(4000), '"\u00e9"', 'x'.repeat(8000), '*, *'],
  'if-none-match': ['', '*', '"', 'W/"x"', 'W/"x",'.repeat(1500), '"\u00ff"'],
  prefer: ['return=minimal', 'return=minimal;x', 'return=', ',;,;', 'RETURN=MINIMAL', ' '.repeat(4000), 'a;'.repeat(4000)],
  traceparent: [
    '00-0-0-0',
    '',
    'x',
    `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
    `00-${'0'.repeat(32)}-${'b'.repeat(16)}-01`,
    `ff-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
    `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01\u0085`,
  ],
  'x-request-id': ['', 'a b', '{"level":"fatal"}', '\u009b31m', '\u0085', 'x'.repeat(128), 'x'.repeat(129), '__proto__', '%0a', '\t'],
  authorization: ['', 'Bearer', 'Bearer ', 'Basic a2V5OmtleQ==', 'Bearer \u00ff', `Bearer ${'x'.repeat(8000)}`, 'bearer x y', '__proto__'],
  host: ['', 'a b', '[::1', 'x'.repeat(4000), '127.0.0.1:99999', '\u00ff', '//', 'a@b'],
  expect: ['100-continue', 'x', '200-ok'],
  range: ['bytes=0-0', 'bytes=9-1'],
  'x-http-method-override': ['DELETE'],
  'x-forwarded-for': ['127.0.0.1', '\u00ff'],
  upgrade: ['websocket', 'h2c'],
  cookie: ['a=b; '.repeat(500)],
  __proto__x: ['1'],
  constructor: ['1'],
  // Bytes that no header may have: the parser's to refuse.
  'x-evil': ['a\rb', 'a\nb', 'a\u0000b', '\u001b[31m', 'a\u007fb'],
}

function headersOf(key: string): Arbitrary<readonly (readonly [string, string])[]> {
  const good = [
    ['authorization', `Bearer ${key}`],
    ['content-type', 'application/json'],
  ] as const
  const hostile = fc
    .constantFrom(...Object.entries(hostileHeaders))
    .chain(([name, values]) => fc.constantFrom(...values).map((value) => [name, value] as const))
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant(good) },
    { weight: 2, arbitrary: fc.array(hostile, { minLength: 1, maxLength: 2 }).map((others) => withOthers(good, others)) },
  )
}

/** Those that are given take the place of those of the same name. */
function withOthers(good: readonly (readonly [string, string])[], others: readonly (readonly [string, string])[]) {
  const kept = good.filter(([name]) => !others.some(([other]) => other === name))
  return [...kept, ...others]
}

function bodyOf({ path, method, operation }: Route, origin: string): Arbitrary<Buffer | undefined> {
  if (operation.requestBody === undefined) {
    return fc.oneof(
      { weight: 5, arbitrary: fc.constant(undefined) },
      manglings.map((mangle) => mangle('{"a":1}')),
    )
  }
  const create = createOf(origin)
  if (path === '/schedules/batch')
    return oneWrong(create.map((item) => ({ items: [item, { name: 'post-2', delaySeconds: 3600, target: { url: origin } }] })))
  if (path.startsWith('/callbacks')) return oneWrong(fc.constant({ id: '0b5f6c1e-7a3d-4c7b-9a43-5d1c1a7e2f10' }))
  if (method === 'PATCH') return oneWrong(create.map(({ name: _name, ifExists: _ifExists, ...change }) => change))
  return oneWrong(create)
}

function createOf(origin: string) {
  return fc
    .record({
      name: fc.constantFrom(...names),
      when: fc.constantFrom(
        { delaySeconds: 0 },
        { delaySeconds: 3600 },
        { at: '2030-12-01T09:00:00Z' },
        { at: '2030-12-01T09:00:00', timeZone: 'Asia/Kolkata' },
      ),
      rest: fc.constant({
        target: { url: `${origin}/ok`, method: 'POST', headers: { 'x-tenant': '7' } },
        payload: { text: 'hello' },
        retry: { maxAttempts: 2, initialDelaySeconds: 1, maxDelaySeconds: 5 },
        expiresAfterSeconds: 86_400,
        ifExists: 'replace',
      }),
    })
    .map(({ name, when, rest }) => Object.assign({ name }, when, rest))
}

/** Bodies with one thing wrong, and now and then none. */
function oneWrong(base: Arbitrary<object>): Arbitrary<Buffer> {
  return base.chain((value) => {
    const json = JSON.stringify(value)
    const text = (arbitrary: Arbitrary<string>): Arbitrary<Buffer> => arbitrary.map((text) => Buffer.from(text))
    return fc.oneof(
      { weight: 8, arbitrary: text(fc.tuple(fc.nat(), tokens).map(([place, token]) => withToken(json, place, token))) },
      { weight: 2, arbitrary: text(fc.tuple(fc.nat(), tokens).map(([place, token]) => withKey(json, place, token))) },
      { weight: 2, arbitrary: text(fc.tuple(fc.nat(), fc.constantFrom(...traps)).map(([place, trap]) => withMember(json, place, trap))) },
      { weight: 3, arbitrary: text(fc.constantFrom(...hostileMoments).map((moment) => withMoment(json, moment))) },
      { weight: 4, arbitrary: manglings.map((mangle) => mangle(json)) },
      { weight: 3, arbitrary: text(spoiled(value).map((other) => JSON.stringify(other))) },
      {
        weight: 1,
        arbitrary: text(fc.constantFrom(...sizes).map((size) => json.replace('"hello"', () => JSON.stringify('x'.repeat(size))))),
      },
      { weight: 1, arbitrary: text(fc.constant(json)) },
    )
  })
}

/** Of the callbacks' body, of a payload, of a body: just below, and just above. */
const sizes = [3900, 4200, 262_134, 262_135, 320_000, 327_000, 328_000] as const

/** Another value in the place of one of a JSON text's values that are not objects. */
function withToken(json: string, place: number, token: string): string {
  const leaves = [...json.matchAll(/(?<=[:[])(?:"[^"]*"|[\d.]+)/g)]
  const leaf = leaves[place % leaves.length]
  return leaf === undefined ? token : json.slice(0, leaf.index) + token + json.slice(leaf.index + leaf[0].length)
}

/** As the moment asked for. */
function withMoment(json: string, moment: string): string {
  return json.replace(/"delaySeconds":\d+|"at":"[^"]*"(?:,"timeZone":"[^"]*")?/, () => `"at":${JSON.stringify(moment)}`)
}

/** Another name in the place of one of a JSON text's. */
function withKey(json: string, place: number, token: string): string {
  const keys = [...json.matchAll(/"[^"]*"(?=:)/g)]
  const key = keys[place % keys.length]
  return key === undefined ? token : json.slice(0, key.index) + token + json.slice(key.index + key[0].length)
}

/** One more member in one of a JSON text's objects, at whatever level. */
function withMember(json: string, place: number, member: string): string {
  const objects = [...json.matchAll(/\{/g)]
  const at = objects[place % objects.length]?.index ?? 0
  return `${json.slice(0, at + 1)}${member},${json.slice(at + 1)}`
}

/** A request as bytes. */
export function bytesOf({ method, target, headers, body }: HostileRequest): Buffer {
  const hasHost = headers.some(([name]) => name === 'host')
  const lines = [
    `${method} ${target} HTTP/1.1`,
    ...(hasHost ? [] : ['host: 127.0.0.1']),
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(body === undefined ? [] : [`content-length: ${body.length}`]),
  ]
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body ?? Buffer.alloc(0)])
}
