import t from 'tap'
import { countOf, formatCount, formatDistance, formatDuration } from '../../src/console/page/format.ts'
import { payloadOf } from '../../src/console/page/payload.ts'
import { percentile } from '../../src/console/page/statistics.ts'
import { tell } from '../../src/console/page/telling.ts'
import type { Problem } from '../../src/console/page/types.ts'

await t.test('lengths of time are told to two of their units', async (t) => {
  const lengths = [0, 12, 999, 1000, 1500, 59_900, 61_000, 3_600_000, 5_400_000, 187_200_000]
  t.same(lengths.map(formatDuration), ['0 ms', '12 ms', '999 ms', '1 s', '1.5 s', '1 min', '1 min 1 s', '1 h', '1 h 30 min', '2 d 4 h'])
})

await t.test('distances are told in whole minutes, or seconds', async (t) => {
  const now = 1_800_000_000_000
  t.same(
    [0, 1500, -1500, 359_000, -11_400_000, 86_400_000 * 2.8].map((distance) => formatDistance(now + distance, now)),
    ['now', 'in 1 s', '1 s ago', 'in 5 min', '3 h 10 min ago', 'in 2 d 19 h'],
  )
})

await t.test('counts have separators, and one is one', async (t) => {
  t.equal(formatCount(1_000_000), '1,000,000')
  t.equal(countOf(1, 'schedule'), '1 schedule')
  t.equal(countOf(0, 'schedule'), '0 schedules')
})

await t.test('the numbers of a payload are shown as they were written, however large', async (t) => {
  t.equal(payloadOf('{"payload":{"id":12345678901234567890,"price":1.10}}'), '{\n  "id": 12345678901234567890,\n  "price": 1.10\n}')
  t.equal(payloadOf('{"name":"post-42"}'), undefined)
})

await t.test('a percentile is one of the values, and there is none of nothing', async (t) => {
  t.equal(percentile([3, 1, 2, 4], 0.5), 2)
  t.equal(percentile([3, 1, 2, 4], 0.99), 4)
  t.equal(percentile([], 0.5), undefined)
})

const problem = (status: number, code: Problem['code'], detail: string): Problem => ({
  type: 'about:blank',
  title: 'Title',
  status,
  code,
  detail,
})

await t.test('a failure is told with what to do about it', async (t) => {
  t.match(tell({ status: undefined, problem: undefined, retryAfterSeconds: undefined }).title, 'does not answer')
  t.match(tell({ status: 502, problem: undefined, retryAfterSeconds: undefined }), { title: /502/, advice: /proxy/ })
  t.match(
    tell({ status: 429, problem: problem(429, 'too_many_requests', 'Too many.'), retryAfterSeconds: 90 }).advice,
    /^Too many\. .*in 1 min 30 s/,
  )
  t.match(
    tell({ status: 412, problem: problem(412, 'precondition_failed', 'Changed.'), retryAfterSeconds: undefined }).advice,
    'decide again',
  )
  const errors = [{ pointer: '/at', message: 'is past' }]
  t.same(tell({ status: 422, problem: { ...problem(422, 'invalid_request', '/at is past.'), errors }, retryAfterSeconds: undefined }), {
    title: 'Title',
    advice: '/at is past.',
    errors,
  })
})
