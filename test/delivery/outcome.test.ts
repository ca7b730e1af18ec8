import fc from 'fast-check'
import t from 'tap'
import { judge, parseRetryAfter } from '../../src/delivery/outcome.ts'

const now = Date.UTC(2026, 10, 24, 12)

await t.test('2xx is delivered, 410 is the end, everything else is to be made again', async (t) => {
  for (let status = 100; status < 600; status++) {
    const expected = status >= 200 && status < 300 ? 'delivered' : status === 410 ? 'gone' : 'retry'
    t.equal(judge(status, undefined, now).verdict, expected, String(status))
  }
})

await t.test('Retry-After is a number of seconds or an HTTP date', async (t) => {
  t.equal(parseRetryAfter('120', now), 120_000)
  t.equal(parseRetryAfter(' 0 ', now), 0)
  t.equal(parseRetryAfter('Tue, 24 Nov 2026 12:01:00 GMT', now), 60_000)
  t.equal(parseRetryAfter('Tue, 24 Nov 2026 11:00:00 GMT', now), 0)
  for (const text of [undefined, '', '-5', '1.5', 'soon', '2026-11-24T12:01:00Z', 'Mon'])
    t.equal(parseRetryAfter(text, now), undefined, String(text))
})

await t.test('Retry-After counts with 429 and 503 only', async (t) => {
  t.equal(judge(429, '5', now).retryAfterMs, 5000)
  t.equal(judge(503, '5', now).retryAfterMs, 5000)
  t.equal(judge(500, '5', now).retryAfterMs, undefined)
})

await t.test('no Retry-After whatsoever leads to a time before now', async () => {
  fc.assert(fc.property(fc.string(), (text) => (parseRetryAfter(text, now) ?? 0) >= 0))
})
