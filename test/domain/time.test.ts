import fc from 'fast-check'
import t from 'tap'
import { formatInstant, formatLocalTime, lastInstant, parseInstant, parseLocalTime } from '../../src/domain/time.ts'

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

/** With clock changes in both hemispheres, of half an hour, over midnight, backwards in winter, and none at all. */
const zones = [
  'Africa/Cairo',
  'Africa/Casablanca',
  'America/Asuncion',
  'America/Havana',
  'America/Los_Angeles',
  'America/New_York',
  'America/Santiago',
  'America/Sao_Paulo',
  'America/St_Johns',
  'Antarctica/Troll',
  'Asia/Beirut',
  'Asia/Kathmandu',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Australia/Sydney',
  'Europe/Berlin',
  'Europe/Dublin',
  'Europe/London',
  'Pacific/Apia',
  'Pacific/Chatham',
]

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** What the clocks of a zone show, as if it were UTC: by the platform's own calendar, which is not what is tested here. */
function clockOf(zone: string): (instant: number) => number {
  const format = new Intl.DateTimeFormat('en', {
    timeZone: zone,
    calendar: 'iso8601',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  return (instant) => {
    const parts = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]))
    return Date.UTC(parts.year ?? 0, (parts.month ?? 0) - 1, parts.day, parts.hour, parts.minute, parts.second)
  }
}

/** The instants between which a zone's clocks are changed in ten years, to the minute. */
function transitionsOf(clock: (instant: number) => number): number[] {
  const offset = (instant: number): number => clock(instant) - instant
  const found: number[] = []
  const end = Date.UTC(2036, 0, 1)
  for (let low = Date.UTC(2026, 0, 1); low < end; low += 24 * hourMs) {
    let [before, after] = [low, low + 24 * hourMs]
    if (offset(before) === offset(after)) continue
    while (after - before > minuteMs) {
      const middle = before + Math.floor((after - before) / 2 / minuteMs) * minuteMs
      if (offset(middle) === offset(before)) before = middle
      else after = middle
    }
    found.push(after)
  }
  return found
}

for (const zone of zones) {
  await t.test(`a local time is what the clocks show, around every clock change of ten years: ${zone}`, async (t) => {
    const clock = clockOf(zone)
    const changes = transitionsOf(clock)
    const wrong: string[] = []
    for (const change of [...changes, Date.UTC(2030, 5, 15)]) {
      // Every quarter of an hour from three hours before to three hours after, by the clock before the change and after it.
      for (const anchor of [clock(change - minuteMs) + minuteMs, clock(change)]) {
        for (let local = anchor - 3 * hourMs; local <= anchor + 3 * hourMs; local += 15 * minuteMs) {
          const text = formatInstant(local).slice(0, 19)
          const offsets = new Set([clock(change - 6 * hourMs) - (change - 6 * hourMs), clock(change + 6 * hourMs) - (change + 6 * hourMs)])
          const instants = [...offsets].map((offset) => local - offset).filter((instant) => clock(instant) === local)
          instants.sort((a, b) => a - b)
          const [earlier, later] = (['earlier', 'later'] as const).map((choice) => parseLocalTime(text, zone, choice))
          const rejected = parseLocalTime(text, zone, 'reject')
          const expected =
            instants.length === 1
              ? rejected.kind === 'instant' && rejected.at === instants[0] && clock(rejected.at) === local
              : rejected.kind === (instants.length === 0 ? 'skipped' : 'repeated')
          const chosen =
            earlier?.kind === 'instant' &&
            later?.kind === 'instant' &&
            (instants.length === 0
              ? // Before and after the gap, as far from it as the time asked for lies in it.
                earlier.at < later.at && clock(earlier.at) < local && clock(later.at) > local
              : earlier.at === instants[0] && later.at === instants.at(-1))
          if (!expected || !chosen) wrong.push(`${text}: ${JSON.stringify({ instants, rejected, earlier, later })}`)
          if (rejected.kind === 'instant' && parseInstant(formatLocalTime(rejected.at, zone)) !== rejected.at)
            wrong.push(`${text} is shown as ${formatLocalTime(rejected.at, zone)}`)
        }
      }
    }
    t.same(wrong, [], `${changes.length} clock changes`)
  })
}

await t.test('a local time has the same digits as an instant, rounded up in the same way', async (t) => {
  const at = (text: string): unknown => {
    const local = parseLocalTime(text, 'Asia/Kolkata', 'reject')
    return local.kind === 'instant' ? local.at : local.kind
  }
  t.equal(at('2026-12-01T09:00:00'), Date.UTC(2026, 11, 1, 3, 30))
  t.equal(at('2026-12-01T09:00:00.1230001'), Date.UTC(2026, 11, 1, 3, 30, 0, 124))
  for (const text of ['2026-12-01T09:00', '2026-12-01 09:00:00', '2026-12-01T09:00:00Z', '2026-02-29T09:00:00', '2026-12-01T24:00:00', ''])
    t.equal(at(text), 'malformed', text)
  t.equal(at('1970-01-01T00:00:00'), 'malformed', 'before the epoch, there')
  t.equal(at('9999-12-31T23:59:59.999'), lastInstant - 5.5 * hourMs)
})

await t.test('a zone is a name of the time zone database, in whatever case', async (t) => {
  const zoneOf = (timeZone: string): unknown => {
    const local = parseLocalTime('2026-12-01T09:00:00', timeZone, 'reject')
    return local.kind === 'instant' ? local.timeZone : local.kind
  }
  t.equal(zoneOf('asia/KOLKATA'), 'Asia/Kolkata')
  t.equal(zoneOf('UTC'), 'UTC')
  for (const timeZone of ['', 'Mars/Olympus', '+05:30', '-00:00', 'Asia/Kolkata ', 'constructor', 'Z'])
    t.equal(zoneOf(timeZone), 'unknown_zone', timeZone)
})

await t.test('a whole day that was skipped is skipped', async (t) => {
  t.match(parseLocalTime('2011-12-30T12:00:00', 'Pacific/Apia', 'reject'), { kind: 'skipped' })
})
