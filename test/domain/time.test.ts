import fc from 'fast-check'
import t from 'tap'
import { formatInstant, lastInstant, parseInstant } from '../../src/domain/time.ts'

await t.test('a date-time with an offset is the instant it names', async (t) => {
  t.equal(parseInstant('2026-12-01T09:00:00+05:30'), Date.UTC(2026, 11, 1, 3, 30))
  t.equal(parseInstant('2026-12-01T09:00:00Z'), Date.UTC(2026, 11, 1, 9))
  t.equal(parseInstant('2026-12-01t09:00:00.25z'), Date.UTC(2026, 11, 1, 9, 0, 0, 250))
  t.equal(parseInstant('2024-02-29T23:59:59-12:00'), Date.UTC(2024, 2, 1, 11, 59, 59))
  t.equal(parseInstant('9999-12-31T23:59:59.999Z'), lastInstant)
  t.equal(parseInstant('1970-01-01T00:00:00-00:00'), 0)
})

await t.test('digits beyond the millisecond are rounded up, so that nothing is early', async (t) => {
  t.equal(parseInstant('2026-12-01T09:00:00.0001Z'), Date.UTC(2026, 11, 1, 9, 0, 0, 1))
  t.equal(parseInstant('2026-12-01T09:00:00.1230000Z'), Date.UTC(2026, 11, 1, 9, 0, 0, 123))
})

await t.test('what is no date-time with an offset, or no real date, is none', async (t) => {
  for (const text of [
    '',
    'tomorrow',
    '2026-12-01',
    '2026-12-01T09:00Z',
    '2026-12-01T09:00:00',
    '2026-12-01 09:00:00Z',
    '2026-02-29T09:00:00Z',
    '2026-02-30T09:00:00Z',
    '2026-04-31T09:00:00Z',
    '2026-00-01T09:00:00Z',
    '2026-13-01T09:00:00Z',
    '2026-12-01T24:00:00Z',
    '2026-12-01T23:60:00Z',
    '2026-12-01T23:59:60Z',
    '2026-12-01T09:00:00+24:00',
    '2026-12-01T09:00:00+05:60',
    '2026-12-01T09:00:00+0530',
    '+002026-12-01T09:00:00Z',
    '1969-12-31T23:59:59Z',
    '0000-01-01T00:00:00Z',
    '0050-01-01T00:00:00Z',
    '9999-12-31T23:59:59-01:00',
    ' 2026-12-01T09:00:00Z',
    '2026-12-01T09:00:00Z\n',
    '２０26-12-01T09:00:00Z',
  ]) {
    t.equal(parseInstant(text), undefined, text)
  }
})

await t.test('an instant that is written is read as the same', async () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: lastInstant }), (instant) => parseInstant(formatInstant(instant)) === instant))
})

await t.test('an offset moves the instant by itself', async () => {
  const offset = fc.record({
    sign: fc.constantFrom('+', '-'),
    hours: fc.integer({ min: 0, max: 23 }),
    minutes: fc.integer({ min: 0, max: 59 }),
  })
  fc.assert(
    fc.property(fc.integer({ min: 86_400_000, max: lastInstant - 86_400_000 }), offset, (instant, { sign, hours, minutes }) => {
      const shift = (hours * 60 + minutes) * 60_000 * (sign === '+' ? 1 : -1)
      const text = formatInstant(instant).replace('Z', `${sign}${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`)
      return parseInstant(text) === instant - shift
    }),
  )
})
