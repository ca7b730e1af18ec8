import t from 'tap'
import { AppError } from '../../src/domain/errors.ts'
import { httpApp } from '../support/http.ts'

const requests = [
  { method: 'POST', url: '/schedules', payload: { delaySeconds: 1, target: { url: 'http://127.0.0.1:1/' } } },
  { method: 'GET', url: '/schedules' },
  { method: 'GET', url: '/schedules/post-42' },
  { method: 'DELETE', url: '/schedules/post-42' },
  { method: 'PATCH', url: '/schedules/post-42', payload: { delaySeconds: 1 } },
  { method: 'POST', url: '/schedules/post-42/run' },
  { method: 'POST', url: '/schedules/batch', payload: { items: [{ delaySeconds: 1, target: { url: 'http://127.0.0.1:1/' } }] } },
  { method: 'DELETE', url: '/schedules?namePrefix=post' },
  { method: 'POST', url: '/callbacks/blog/post-42', payload: { id: 'x' }, headers: { authorization: 'Bearer x' } },
  { method: 'GET', url: '/health/ready' },
] as const

/** The HTTP side over machinery that fails with this. */
function brokenApp(error: Error) {
  return httpApp({
    otherwise: async () => {
      throw error
    },
  })
}

const problemsOf = (logged: readonly string[]): string[] => logged.filter((line) => line.includes('"level":50'))

await t.test('any route 503: when the machinery cannot do its work; when to try again is told, and why is logged', async (t) => {
  const { app, logged } = await brokenApp(
    new AppError('unavailable', 'Try again.', { cause: new Error('the disk is full'), retryAfterSeconds: 1 }),
  )
  for (const request of requests) {
    const response = await app.inject(request)
    t.equal(response.statusCode, 503, request.url)
    t.equal(response.headers['retry-after'], '1')
    t.match(response.json(), { code: 'unavailable', status: 503, detail: 'Try again.' })
    t.notMatch(response.payload, 'disk')
    t.match(problemsOf(logged).at(-1), /the disk is full/)
  }
  t.equal((await app.inject('/health/live')).statusCode, 200)
})

await t.test('any route 500: a bug is logged, and nothing of it is told', async (t) => {
  const { app, logged } = await brokenApp(new TypeError('undefined is not a function'))
  for (const request of requests) {
    const response = await app.inject(request)
    t.equal(response.statusCode, 500, request.url)
    t.match(response.json(), { code: 'internal_error', status: 500 })
    t.notMatch(response.payload, 'function')
    t.match(problemsOf(logged).at(-1), /undefined is not a function/)
  }
})
