// npm run chaos [-- WORD] [--short]: what becomes of the promises when processes, disks and files fail.
import { type Proof, prove } from '../support/proof.ts'
import { openAwsCluster } from './awsCluster.ts'
import { brokenStarts } from './brokenStarts.ts'
import { damage } from './damage.ts'
import { openEmbeddedCluster } from './embeddedCluster.ts'
import { failingSyncs } from './failingSyncs.ts'
import { fullDisk } from './fullDisk.ts'
import { killAgainAndAgain } from './kills.ts'
import { powerLoss } from './powerLoss.ts'

const killsOf = (isShort: boolean): number => (isShort ? 3 : 200)

const shortElsewhere: Proof = { figures: ['its short form is one of the tests: test/e2e/crash.test.ts'], violations: [] }

await prove({
  'kill -9 under load: embedded': async (scope, isShort) =>
    isShort ? shortElsewhere : killAgainAndAgain(await openEmbeddedCluster(scope, 1), killsOf(isShort)),
  'kill -9 under load: two processes on one directory': async (scope, isShort) =>
    killAgainAndAgain(await openEmbeddedCluster(scope, 2), killsOf(isShort)),
  'kill -9 under load: two replicas on stand-ins for AWS': async (scope, isShort) =>
    killAgainAndAgain(await openAwsCluster(scope), killsOf(isShort)),
  'Power loss': powerLoss,
  'Failing syncs': failingSyncs,
  'Broken starts': brokenStarts,
  'Full disk': fullDisk,
  'Damaged files': damage,
})
