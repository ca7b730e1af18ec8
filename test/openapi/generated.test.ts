import fc from 'fast-check'
import type { InjectOptions } from 'fastify'
import t from 'tap'
import { application, composeService, keys } from '../support/composed.ts'
import { type Route, resolve, routes, undocumented } from '../support/document.ts'
import { spoiled, valuesOf } from '../support/fromSchema.ts'
import { startObedientOwner } from '../support/obedientOwner.ts'

const requestsToSend = 2000

const owner = await startObedientOwner(t)
const service = await composeService(t, { applications: [application('blog', { allowedOrigins: [owner.origin] })] })
service.start()

/** Few names, so that requests meet each other's schedules. */
const names = ['post-1', 'post-2', 'post-3', 'a', 'batch', 'run']
const examples = new Map<string, readonly string[]>([
  ['name', names],
  ['namePrefix', ['post', 'a', 'none']],
  ['application', ['blog', 'shop']],
  ['url', [`${owner.origin}/ok`, `${owner.origin}/busy`, `${owner.origin}/gone`, 'http://169.254.169.254/']],
  ['at', ['2031-10-26T02:30:00', '2031-01-01T00:00:00Z', '2031-07-01T09:00:00+05:30', '2020-01-01T00:00:00Z', new Date().toISOString()]],
  ['from', ['2031-01-01T00:00:00Z', '2026-01-01T00:00:00+01:00']],
  ['to', ['2031-01-01T00:00:00Z', '9999-12-31T23:59:59Z']],
  ['timeZone', ['Europe/Berlin', 'Asia/Kolkata', 'Mars/Olympus']],
  ['cursor', ['MTc4.', 'bmFtZTphLjE']],
  ['if-match', ['*', '"x.1"', 'W/"x"']],
  ['if-none-match', ['*', '"x.1"', 'x']],
])

interface Request {
  readonly route: Route
  readonly inject: InjectOptions
}

/** Requests of an operation: as the document says they are, or with something wrong. */
function requestsOf(route: Route): fc.Arbitrary<Request> {
  const { path, method, operation } = route
  const parameters = Object.fromEntries((operation.parameters ?? []).map((parameter) => [parameter.name, parameter]))
  const values = fc.record(
    Object.fromEntries(Object.entries(parameters).map(([name, { schema }]) => [name, valuesOf(schema, resolve, examples, name)])),
    { requiredKeys: Object.keys(parameters).filter((name) => parameters[name]?.required) },
  ) as fc.Arbitrary<Record<string, unknown>>
  const schema = operation.requestBody?.content['application/json']?.schema
  const body = schema === undefined ? fc.constant(undefined) : valuesOf(schema, resolve, examples).map(madeSensible)
  const often = fc.nat({ max: 2 }).map((number) => number === 0)
  const wrong = { headers: often, body: often, key: fc.nat({ max: 20 }) }
  return fc.tuple(values, body, fc.record(wrong)).chain(([values, body, wrong]) => {
    const parts = wrong.headers ? spoiled(values) : fc.constant(values)
    return fc.tuple(parts, wrong.body && schema !== undefined ? spoiled(body) : fc.constant(body)).map(([parts, body]) => {
      const given = Object.entries(typeof parts === 'object' && parts !== null ? parts : {}).map(
        ([name, value]) => [name, asText(value)] as const,
      )
      const inPath = new Map(given.filter(([name]) => parameters[name]?.in === 'path'))
      const inHeaders = given.filter(([name]) => parameters[name]?.in === 'header')
      const inQuery = given.filter(([name]) => !['path', 'header'].includes(parameters[name]?.in ?? 'query'))
      const query = new URLSearchParams(inQuery.map(([name, value]): [string, string] => [name, value])).toString()
      // Nothing, and dots alone, would make it the path of another route.
      const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
        encodeURIComponent(inPath.get(name) ?? 'post-1').replace(/^\.{0,2}$/, '-'),
      )
      return {
        route,
        inject: {
          method: method as 'GET',
          url: query === '' ? filled : `${filled}?${query}`,
          headers: {
            ...Object.fromEntries(inHeaders.map(([name, value]) => [name, value.replaceAll(/[^\t\x20-\x7e]/g, '?')])),
            ...(wrong.key === 0 ? {} : { authorization: `Bearer ${keys.blog}` }),
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          },
          ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
        },
      }
    })
  })
}

/** What goes together, as far as a schema cannot say so. */
function madeSensible(body: unknown): unknown {
  if (typeof body !== 'object' || body === null) return body
  if ('items' in body && Array.isArray(body.items)) return { items: body.items.map(madeSensible) }
  const { at, timeZone, disambiguation, delaySeconds, ...rest } = body as Record<string, unknown>
  if (delaySeconds !== undefined) return { ...rest, delaySeconds }
  if (at === undefined) return rest
  const isLocal = typeof at === 'string' && /T[\d:]+$/.test(at)
  return isLocal
    ? { ...rest, at, timeZone: timeZone ?? 'Asia/Kolkata', ...(disambiguation === undefined ? {} : { disambiguation }) }
    : { ...rest, at }
}

/** As a part of a URL or a header can be. */
function asText(value: unknown): string {
  return (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).toWellFormed()
}

await t.test(`of ${requestsToSend} generated requests each is answered as the document says, and none by a 5xx`, async (t) => {
  const all = routes.map((route) => ({ weight: route.operation.requestBody === undefined ? 2 : 4, arbitrary: requestsOf(route) }))
  const seen = new Map<string, number>()
  await fc.assert(
    fc.asyncProperty(fc.oneof(...all), async (request) => {
      const response = await service.app.inject(request.inject)
      const kind = `${request.route.title} ${response.statusCode}`
      seen.set(kind, (seen.get(kind) ?? 0) + 1)
      if (response.statusCode >= 500) throw new Error(`${kind}: ${response.payload}`)
      const finding = undocumented(request.route, {
        status: response.statusCode,
        type: response.headers['content-type'] ?? '',
        text: response.payload,
      })
      if (finding !== undefined) throw new Error(finding)
    }),
    { numRuns: requestsToSend },
  )
  for (const kind of [
    'POST /schedules 201',
    'POST /schedules 403',
    'POST /schedules 422',
    'POST /schedules/batch 200',
    'GET /schedules 200',
    'GET /schedules/{name} 200',
    'GET /schedules/{name} 304',
    'GET /schedules/{name} 404',
    'PATCH /schedules/{name} 200',
    'PATCH /schedules/{name} 412',
    'POST /schedules/{name}/run 202',
    'DELETE /schedules/{name} 200',
    'DELETE /schedules 200',
  ])
    t.ok(seen.has(kind), `${kind}: ${seen.get(kind)} times`)
  t.notOk(
    service.logged.some((line) => line.includes('"level":50')),
    'nothing has failed',
  )
})
