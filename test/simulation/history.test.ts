import t from 'tap'
import { playHistory } from './history.ts'
import { brokenPromises } from './promises.ts'

/** Histories that have broken something once, the service or a check. */
const kept = [65, 111, 129, 206, 1258, 1362, 1509, 5571, 40_580, 42_197, 60_998, 82_006, 86_382]

await t.test('every history that has broken something once keeps all promises', async (t) => {
  for (const seed of kept) t.same(brokenPromises(await playHistory(seed)), [], `history ${seed}`)
})

await t.test('the same seed makes the same history, step by step', async (t) => {
  for (let seed = 1; seed <= 20; seed++) {
    const [first, second]: [string[], string[]] = [[], []]
    await playHistory(seed, (line) => first.push(line))
    await playHistory(seed, (line) => second.push(line))
    t.equal(second.join('\n'), first.join('\n'))
    t.ok(first.length > 10, `${first.length} steps`)
  }
})
