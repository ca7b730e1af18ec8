import fc from 'fast-check'
import t from 'tap'
import { floorTo, formatMoment, formatOffset, fromLocal, offsetAt, toLocal } from '../../src/console/page/zone.ts'

const zones = ['UTC', 'Asia/Kolkata', 'Asia/Kathmandu', 'America/St_Johns', 'Europe/Berlin', 'Pacific/Apia', 'Australia/Lord_Howe']
const instant = fc.integer({ min: 0, max: Date.UTC(2100, 0, 1) })
const zone = fc.constantFrom(...zones)
const hourMs = 3_600_000

await t.test('a moment is told as the clocks of the zone show it', async (t) => {
  const moment = Date.parse('2026-12-01T03:30:00.123Z')
  t.equal(formatMoment(moment, 'Asia/Kolkata', 'milliseconds'), '2026-12-01 09:00:00.123')
  t.equal(formatMoment(moment, 'UTC', 'seconds'), '2026-12-01 03:30:00')
  t.equal(formatOffset(moment, 'Asia/Kolkata'), '+05:30')
  t.equal(formatOffset(moment, 'America/St_Johns'), '−03:30')
})

await t.test('what the clocks show leads back to the moment, but for the hour that they repeat', async () => {
  fc.assert(
    fc.property(instant, zone, (instant, zone) => {
      const back = fromLocal(toLocal(instant, zone), zone)
      const isRepeated = [-1, 1].some((way) => toLocal(instant + way * hourMs, zone) === toLocal(instant, zone))
      return back === instant || isRepeated || (back !== undefined && toLocal(back, zone) === toLocal(instant, zone))
    }),
  )
})

await t.test('a local time that the clocks skip is taken for one close to it, and what is none for none', async (t) => {
  // 2026-03-29: from 02:00 to 03:00.
  const skipped = fromLocal('2026-03-29T02:30', 'Europe/Berlin') ?? 0
  t.ok(Math.abs(skipped - Date.parse('2026-03-29T01:00Z')) <= hourMs)
  t.equal(fromLocal('', 'Europe/Berlin'), undefined)
})

await t.test('a step begins on the hour or at midnight of the zone, at or before the moment, and within a step of it', async () => {
  fc.assert(
    fc.property(instant, zone, fc.constantFrom(60_000, hourMs / 2, 24 * hourMs), (instant, zone, stepMs) => {
      const floored = floorTo(instant, stepMs, zone)
      // A day with a clock change is an hour longer.
      const isNear = floored <= instant && instant - floored < stepMs + hourMs
      const isChanged = offsetAt(floored, zone) !== offsetAt(instant, zone)
      return isChanged || (isNear && (floored + offsetAt(floored, zone)) % stepMs === 0)
    }),
  )
})
