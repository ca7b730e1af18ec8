import type { LightMyRequestResponse } from 'fastify'
import t from 'tap'
import { makeFiring } from '../../src/usecases/fire.ts'
import { makeSlots } from '../../src/usecases/slots.ts'
import { callerOf } from '../support/caller.ts'
import { application, composeService } from '../support/composed.ts'
import { faultOf, type Media, type Operation, type Route, resolve, routes, schemas } from '../support/document.ts'
import { makeManualClock, makeMemoryStore, makeRecordingTrigger, makeScriptedOwner } from '../support/fakes.ts'
import { httpApp } from '../support/http.ts'
import { startObedientOwner } from '../support/obedientOwner.ts'
import { makeRecordingObserver } from '../support/observer.ts'
import { newSchedule } from '../support/schedules.ts'

const wakeUp = 'POST /callbacks/{application}/{name}'

/** What is shown of a body. */
const shownOf = ({ example, examples = {} }: Media): unknown[] => [
  ...(example === undefined ? [] : [example]),
  ...Object.values(examples).map(({ value }) => value),
]

const jsonOf = ({ requestBody }: Operation): Media | undefined => requestBody?.content['application/json']

/** The bodies that a request may have, by its examples, each once; one without a body has one that is undefined. */
function bodiesOf(operation: Operation): readonly unknown[] {
  const media = jsonOf(operation)
  if (media === undefined) return [undefined]
  const bodies = [...shownOf(media), ...(resolve(media.schema).examples ?? [])]
  return [...new Map(bodies.map((body) => [JSON.stringify(body), body])).values()]
}

/** The path of a route, filled in with the examples of its parameters. */
function urlOf({ path, operation: { parameters = [] } }: Route): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, part: string) => String(parameters.find(({ name }) => name === part)?.example))
  const query = parameters.filter((parameter) => parameter.in === 'query' && parameter.example !== undefined)
  const search = new URLSearchParams(query.map(({ name, example }): [string, string] => [name, String(example)])).toString()
  return search === '' ? filled : `${filled}?${search}`
}

/** What a request of a route is answered with that does what it is for: 201 rather than 200, where both are documented. */
const successOf = ({ operation }: Route): number =>
  Math.max(
    ...Object.keys(operation.responses)
      .map(Number)
      .filter((status) => status < 300),
  )

const routeOf = (title: string): Route => {
  const route = routes.find((route) => route.title === title)
  if (route === undefined) throw new Error(`there is no ${title}`)
  return route
}

/** In this order each has something to work on. */
const order = [
  'POST /schedules',
  'POST /schedules/batch',
  'GET /schedules',
  'GET /schedules/{name}',
  'GET /timeline',
  'PATCH /schedules/{name}',
  'POST /schedules/{name}/run',
  'DELETE /schedules/{name}',
  'DELETE /schedules',
  'GET /health/live',
  'GET /health/ready',
  'GET /metrics',
  wakeUp,
]

const otherwise = async (): Promise<never> => {
  throw new Error('not part of this test')
}

/** Where the function's wake-up comes in, and finds the schedule of the example, due in a minute. */
async function wakeUpApp() {
  const now = 1_800_000_000_000
  const clock = makeManualClock(now)
  const store = makeMemoryStore()
  const firing = makeFiring({
    store,
    trigger: makeRecordingTrigger(),
    owner: makeScriptedOwner(clock),
    clock,
    slots: makeSlots(() => 10),
    observer: makeRecordingObserver(),
    random: () => 0.5,
    retentionMs: 1000,
    claimLeadMs: 15,
    letGo: () => undefined,
  })
  const [{ id }] = bodiesOf(routeOf(wakeUp).operation) as [{ id: string }]
  await store.insert(newSchedule({ application: 'blog', name: 'post-42', id, now, at: now + 60_000 }))
  const { app } = await httpApp({
    otherwise,
    callbacks: { tokens: { tokenOf: () => '', isTokenOf: () => true }, fire: firing.fire },
  })
  t.teardown(firing.stop)
  return callerOf(app)
}
const waking = await wakeUpApp()

await t.test('each example of a request is accepted, with those of its parameters, and does what it is for', async (t) => {
  t.same(new Set(routes.map(({ title }) => title)), new Set(order))
  // Not started: nobody is called.
  const service = await composeService(t, { applications: [application('blog', { allowedOrigins: ['http://localhost:3000'] })] })
  const callers = callerOf(service.app)
  for (const route of order.map(routeOf)) {
    const { ask } = route.title === wakeUp ? waking : callers
    const bodies = bodiesOf(route.operation)
    t.ok(bodies.length > 0, `${route.title} has an example of its body`)
    for (const body of bodies) {
      const response = await ask({ method: route.method, path: urlOf(route), body })
      const title = `${route.title} ${body === undefined ? '' : JSON.stringify(body)}`
      t.equal(response.statusCode, successOf(route), `${title}: ${response.payload.slice(0, 300)}`)
      if (route.title === 'POST /schedules/batch')
        t.ok(
          response.json().results.every(({ status }: { status: number }) => status <= 201),
          response.payload,
        )
    }
  }
})

await t.test('there is an example of each parameter that is required, and of no other: readers would try them all at once', async (t) => {
  for (const { title, operation } of routes) {
    for (const { name, example, required = false } of operation.parameters ?? [])
      t.equal(example !== undefined, required, `${title}: ${name}`)
  }
})

await t.test('each field of a request is in one of its examples, and so is each way to say when', async (t) => {
  for (const name of ['CreateSchedule', 'ChangeSchedule', 'TargetInput', 'RetryInput']) {
    const { properties = {}, examples = [] } = schemas[name] ?? {}
    const shown = new Set(examples.flatMap((example) => Object.keys(example as object)))
    for (const field of Object.keys(properties)) t.ok(shown.has(field), `${name}: ${field}`)
  }
  const examples = (schemas.CreateSchedule?.examples ?? []) as {
    at?: string
    timeZone?: string
    delaySeconds?: number
    ifExists?: string
  }[]
  const ways = new Set(
    examples.map(({ at = '', timeZone, delaySeconds }) =>
      delaySeconds === undefined
        ? `at ${/(?:Z|[+-]\d\d:\d\d)$/.test(at) ? 'with an offset' : `in a zone: ${timeZone !== undefined}`}`
        : 'delaySeconds',
    ),
  )
  t.same(ways, new Set(['at with an offset', 'at in a zone: true', 'delaySeconds']))
  t.ok(examples.some(({ ifExists }) => ifExists === 'replace'))
})

await t.test('each example is one by its own schema', async (t) => {
  for (const { title, operation } of routes) {
    for (const [status, { content = {} }] of Object.entries(operation.responses)) {
      for (const [type, media] of Object.entries(content)) {
        const shown = shownOf(media)
        t.ok(shown.length > 0, `${title} ${status} ${type} has an example`)
        if (type === 'text/plain') continue
        for (const example of shown) t.equal(faultOf(media.schema.$ref, example), undefined, `${title} ${status}`)
      }
    }
  }
  for (const [name, { examples = [] }] of Object.entries(schemas))
    for (const example of examples) t.equal(faultOf(`#/components/schemas/${name}`, example), undefined, name)
})

await t.test('each example of a problem has the status and the code that it stands under', async (t) => {
  for (const { title, operation } of routes) {
    for (const [status, { content = {} }] of Object.entries(operation.responses)) {
      for (const [code, { value }] of Object.entries(content['application/problem+json']?.examples ?? {}))
        t.match(value, { status: Number(status), code }, `${title} ${status}`)
    }
  }
})

/** What a value is made of: objects by their fields, arrays by the sorts of their elements, texts by what they look like. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return [...new Set(value.map((element) => JSON.stringify(shapeOf(element))))].toSorted()
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value)
        .map(([key, field]): [string, unknown] => [key, shapeOf(field)])
        .toSorted(([a], [b]) => a.localeCompare(b)),
    )
  if (typeof value !== 'string') return value === null ? 'null' : typeof value
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value)) return 'an instant'
  return /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/.test(value) ? 'an id' : 'a text'
}

await t.test('each example of a success has the shape of what the service answers', async (t) => {
  const owner = await startObedientOwner(t)
  const service = await composeService(t, { applications: [application('blog', { allowedOrigins: [owner.origin] })] })
  service.start()
  const { ask, post, waitForStatus } = callerOf(service.app)
  const [first] = bodiesOf(routeOf('POST /schedules').operation)
  const [change] = bodiesOf(routeOf('PATCH /schedules/{name}').operation)
  const [wakingUp] = bodiesOf(routeOf(wakeUp).operation)
  // As in the example, but for who is called.
  const create = { ...(first as object), target: { url: `${owner.origin}/ok`, method: 'POST' } }
  const path = '/schedules/post-42'
  const answers = new Map<string, LightMyRequestResponse>()
  const answered = (title: string, response: LightMyRequestResponse): void => {
    answers.set(`${title} ${response.statusCode}`, response)
  }
  answered('POST /schedules', await post(create))
  answered('POST /schedules', await post(create))
  answered('PATCH /schedules/{name}', await ask({ method: 'PATCH', path, body: change }))
  answered('POST /schedules/{name}/run', await ask({ method: 'POST', path: `${path}/run` }))
  await waitForStatus('post-42', 'delivered')
  answered('GET /schedules/{name}', await ask({ path }))
  answered('GET /schedules', await ask({ path: '/schedules' }))
  answered('GET /timeline', await ask({ path: urlOf(routeOf('GET /timeline')) }))
  const items = [
    { ...create, name: 'post-43' },
    { ...create, name: 'post-44' },
  ]
  await post(items[0])
  answered(
    'POST /schedules/batch',
    await post({ items: [{ ...items[0], delaySeconds: 1, at: undefined }, items[1]] }, { path: '/schedules/batch' }),
  )
  answered('DELETE /schedules/{name}', await ask({ method: 'DELETE', path: '/schedules/post-44' }))
  answered('DELETE /schedules', await ask({ method: 'DELETE', path: '/schedules?namePrefix=post-' }))
  answered('GET /health/live', await ask({ path: '/health/live' }))
  answered('GET /health/ready', await ask({ path: '/health/ready' }))
  answered(wakeUp, await waking.ask({ method: 'POST', path: '/callbacks/blog/post-42', body: wakingUp }))
  answered(wakeUp, await waking.ask({ method: 'POST', path: '/callbacks/blog/post-42', body: { id: 'an-earlier-incarnation' } }))
  for (const { title, operation } of routes) {
    for (const [status, { content }] of Object.entries(operation.responses)) {
      const media = content?.['application/json']
      if (media === undefined) continue
      const response = answers.get(`${title} ${status}`)
      t.ok(response, `${title} ${status} has been answered`)
      for (const example of shownOf(media)) t.same(shapeOf(response?.json()), shapeOf(example), `${title} ${status}`)
    }
  }
  const metrics = await ask({ path: '/metrics' })
  for (const example of shownOf(routeOf('GET /metrics').operation.responses[200]?.content?.['text/plain'] ?? { schema: {} }))
    t.match(metrics.payload, String(example))
})

await t.test('what is wrong with a request is told in the shape of the example', async (t) => {
  const response = await waking.post({ delaySeconds: '1', target: { url: 'http://127.0.0.1:1/' } })
  t.equal(response.statusCode, 422)
  for (const example of schemas.Problem?.examples ?? []) t.same(shapeOf(response.json()), shapeOf(example))
})
