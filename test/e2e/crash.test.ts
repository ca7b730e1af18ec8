import t from 'tap'
import { openEmbeddedCluster } from '../chaos/embeddedCluster.ts'
import { killAgainAndAgain } from '../chaos/kills.ts'

await t.test(
  'kill -9 at random moments under load: nothing acknowledged is lost, early, or delivered after a confirmed cancel',
  { timeout: 120_000 },
  async (t) => {
    const { figures, violations } = await killAgainAndAgain(await openEmbeddedCluster(t, 1), 5)
    for (const figure of figures) t.comment(figure)
    t.same(violations, [])
  },
)
