import t from 'tap'
import { ceilingOf } from '../../src/console/page/chart/scale.ts'
import { ticksOf } from '../../src/console/page/chart/ticks.ts'
import { inTurn } from '../../src/console/page/inTurn.ts'
import { comingRanges, partsOf, pastRanges, windowAhead, windowBehind } from '../../src/console/page/ranges.ts'

const now = Date.parse('2026-12-01T03:47:12.345Z')

await t.test('the next hour begins with this minute, and the last one ends with it', async (t) => {
  const ahead = windowAhead(comingRanges.hour, now, 'UTC')
  t.same(
    [ahead.from, ahead.to].map((edge) => new Date(edge).toISOString()),
    ['2026-12-01T03:47:00.000Z', '2026-12-01T04:47:00.000Z'],
  )
  const behind = windowBehind(pastRanges.hour, now, 'UTC')
  t.same(
    [behind.from, behind.to].map((edge) => new Date(edge).toISOString()),
    ['2026-12-01T02:48:00.000Z', '2026-12-01T03:48:00.000Z'],
  )
})

await t.test('days begin at midnight of the zone', async (t) => {
  const { from } = windowAhead(comingRanges.month, now, 'Asia/Kolkata')
  t.equal(new Date(from).toISOString(), '2026-11-30T18:30:00.000Z')
})

await t.test('labels stand on the hour of the zone, and only as many as there is room for', async (t) => {
  const starts = partsOf(windowAhead(comingRanges.day, now, 'Asia/Kathmandu'), 48).map(({ from }) => from)
  const labels = (most: number): string[] => ticksOf(starts, 1_800_000, 'Asia/Kathmandu', most).map(({ label }) => label)
  t.same(labels(6), ['12:00', '16:00', '20:00', '2 Dec', '04:00', '08:00'])
  t.same(labels(2), ['12:00', '2 Dec'])
})

await t.test('a day with a clock change in it is still that day, and weeks begin on Monday', async (t) => {
  const starts = partsOf(windowAhead(comingRanges.month, Date.parse('2026-10-01T12:00Z'), 'Europe/Berlin'), 60).map(({ from }) => from)
  t.same(
    ticksOf(starts, 86_400_000, 'Europe/Berlin', 20).map(({ label }) => label),
    ['5 Oct', '12 Oct', '19 Oct', '26 Oct', '2 Nov', '9 Nov', '16 Nov', '23 Nov'],
  )
})

await t.test('an axis ends at 1, 2 or 5 times a power of ten', async (t) => {
  t.same([0, 1, 2, 3, 6, 11, 99, 100, 101, 1000].map(ceilingOf), [1, 1, 2, 5, 10, 20, 100, 100, 200, 1000])
})

await t.test('work in turn is never more at once than it may be, and comes back in its order', async (t) => {
  let atOnce = 0
  let most = 0
  const results = await inTurn([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
    most = Math.max(most, ++atOnce)
    await new Promise((resolve) => setImmediate(resolve))
    atOnce--
    return item * 2
  })
  t.same(results, [2, 4, 6, 8, 10, 12, 14])
  t.equal(most, 3)
  await t.rejects(
    inTurn([1, 2, 3], 2, async () => Promise.reject(new Error('broken'))),
    /broken/,
  )
})
