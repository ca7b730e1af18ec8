import { Writable } from 'node:stream'
import { pino } from 'pino'
import t from 'tap'
import { AppError } from '../../src/domain/errors.ts'
import { makeLogObserver, serializers } from '../../src/observability/log.ts'
import { callerOf } from '../support/caller.ts'
import { application, composeService, keys } from '../support/composed.ts'
import { httpApp } from '../support/http.ts'
import { startObedientOwner } from '../support/obedientOwner.ts'

await t.test('each request has an id, which is in its answer and in its one line of the log', async (t) => {
  const { app, logged } = await composeService(t, { applications: [application('blog')] })
  const { ask, post } = callerOf(app)
  async function linesOf(response: Promise<{ headers: Record<string, unknown> }>): Promise<Record<string, unknown>[]> {
    const { headers } = await response
    await new Promise((resolve) => setImmediate(resolve))
    return logged.map((line) => JSON.parse(line)).filter(({ requestId }) => requestId === headers['x-request-id'])
  }
  const target = { url: 'http://127.0.0.1:1/hook?token=in-the-url' }
  t.match(await linesOf(post({ name: 'post-42', delaySeconds: 3600, target })), [
    { level: 30, msg: 'request', method: 'POST', route: '/schedules', status: 201, application: 'blog', schedule: 'post-42', ms: Number },
  ])
  t.match(await linesOf(ask({ path: '/schedules/post-43' })), [
    { route: '/schedules/:name', status: 404, schedule: 'post-43', code: 'not_found' },
  ])
  t.match(await linesOf(ask({ key: 'wrong' })), [{ route: '/schedules', status: 401, code: 'unauthorized', application: undefined }])
  t.match(await linesOf(ask({ path: '/nothing' })), [{ route: 'none', status: 404 }])
  t.match(await linesOf(post({ items: [1, { delaySeconds: 3600, target }] }, { path: '/schedules/batch' })), [{ items: 2, created: 1 }])
  t.match(await linesOf(ask({ method: 'DELETE', path: '/schedules?namePrefix=post' })), [{ canceled: 1, skipped: 0 }])
  t.match(await linesOf(ask({ path: '/health/live' })), [{ level: 20, route: '/health/live' }])
  t.match((await ask({ path: '/schedules/%ff' })).headers['x-request-id'], /^[\w-]{36}$/, 'also where the URL is none')

  t.equal((await ask({ headers: { 'x-request-id': 'callers-own.1' } })).headers['x-request-id'], 'callers-own.1')
  for (const id of ['', 'a b', 'a"b', 'x'.repeat(129)])
    t.match((await ask({ headers: { 'x-request-id': id } })).headers['x-request-id'], /^[\w-]{36}$/)
})

await t.test('no key, token, secret, header, query or payload is in the log, at any level, whatever happens', async (t) => {
  const owner = await startObedientOwner(t)
  const secret = `whsec_${Buffer.from('the signing secret of the application').toString('base64')}`
  const applications = [application('blog', { allowedOrigins: [owner.origin, 'http://127.0.0.1:1'], signingSecrets: [secret] })]
  const { app, logged, start } = await composeService(t, { applications })
  start()
  const { ask, post, waitForStatus } = callerOf(app)
  const hidden = ['in-the-payload', 'in-a-header', 'in-the-query', 'in-a-key', 'in-a-token', 'in-the-answer', secret, keys.blog]
  const more = { payload: { text: 'in-the-payload' }, retry: { maxAttempts: 1 } }
  const target = (origin: string, path: string): object => ({
    url: `${origin}${path}?key=in-the-query`,
    headers: { authorization: 'in-a-header' },
  })
  await post({ name: 'a', delaySeconds: 0, target: target(owner.origin, '/ok'), ...more })
  await waitForStatus('a', 'delivered')
  await post({ name: 'b', delaySeconds: 0, target: target(owner.origin, '/gone'), ...more })
  await waitForStatus('b', 'failed')
  await post({ name: 'c', delaySeconds: 0, target: target('http://127.0.0.1:1', '/'), ...more })
  await waitForStatus('c', 'failed')
  await post({ name: 'a', delaySeconds: 'in-the-payload', target: target(owner.origin, '/'), payload: 'in-the-payload' })
  await ask({ method: 'POST', text: '{"in-the-payload' })
  await ask({ key: 'in-a-key' })
  await ask({ method: 'PATCH', path: '/schedules/a', body: more })
  await ask({ method: 'POST', path: '/callbacks/blog/a', body: { id: 'x' }, key: '', headers: { authorization: 'Bearer in-a-token' } })
  await ask({ path: '/schedules?cursor=in-the-query&x=in-the-query' })
  await ask({ path: '/in-the-query?in-the-query' })
  await new Promise((resolve) => setImmediate(resolve))
  const all = logged.join('')
  t.ok(logged.filter((line) => line.includes('"msg":"attempt"')).length >= 3)
  for (const text of hidden.slice(0, -2).filter((text) => text !== 'in-the-query')) t.notMatch(all, text)
  t.notOk(all.includes(secret) || all.includes(keys.blog))
  t.notMatch(all, 'in-the-query')
})

await t.test('of an error only what it is and where it happened is logged, not what a library has hung on it', async (t) => {
  const lines: string[] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      done()
    },
  })
  const cause = Object.assign(new Error('the disk is full'), {
    code: 'EIO',
    Item: { payload: 'in-the-payload' },
    config: { key: 'in-a-key' },
  })
  const observer = makeLogObserver(pino({ serializers }, stream))
  observer.failed('it failed', new AppError('unavailable', 'Try again.', { cause }))
  observer.failed('it failed', Object.assign(new TypeError('a bug'), { payload: 'in-the-payload' }))
  observer.failed('it failed', { payload: 'in-the-payload' })
  t.match(lines, [/the disk is full.*EIO/, /TypeError.*a bug/, /it failed/])
  t.notMatch(lines.join(''), /in-the-payload|in-a-key/)
})

await t.test('what a library has hung on an error is not logged by a route either', async (t) => {
  const cause = Object.assign(new Error('conflict'), { Item: { payload: 'in-the-payload' } })
  const { app, logged } = await httpApp({
    otherwise: async () => {
      throw new AppError('unavailable', 'Try again.', { cause })
    },
  })
  await app.inject('/schedules/a')
  t.match(logged.join(''), 'conflict')
  t.notMatch(logged.join(''), 'in-the-payload')
})
