// npm run races [-- WORD] [-- --short]: who comes at the same time, or at the last moment.
import { randomUUID } from 'node:crypto'
import { makeCursors } from '../../src/adapters/aws/cursor.ts'
import { makeDynamoStore } from '../../src/adapters/aws/store.ts'
import { openEmbeddedStore } from '../../src/adapters/embedded/store.ts'
import { makeSystemClock } from '../../src/adapters/system/clock.ts'
import type { ScheduleStore } from '../../src/domain/ports.ts'
import { openAwsCluster } from '../chaos/awsCluster.ts'
import { openEmbeddedCluster } from '../chaos/embeddedCluster.ts'
import { openTable } from '../support/aws/dynamo.ts'
import { emptyDirectory, type Scope } from '../support/directory.ts'
import { makeRecordingObserver } from '../support/observer.ts'
import { prove } from '../support/proof.ts'
import { lastMoment } from './lastMoment.ts'
import { wakeUps } from './wakeUps.ts'

async function twoOnOneDirectory(scope: Scope): Promise<ScheduleStore[]> {
  const directory = emptyDirectory(scope)
  const open = () => openEmbeddedStore(directory, makeSystemClock(), makeRecordingObserver())
  const stores = [await open(), await open()]
  scope.teardown(() => Promise.all(stores.map((store) => store.close())))
  return stores
}

async function twoOnOneTable(scope: Scope): Promise<ScheduleStore[]> {
  const { client, tableName } = await openTable(scope)
  const cursors = makeCursors('a secret of at least thirty-two bytes')
  const open = () =>
    makeDynamoStore({
      client,
      tableName,
      cursors,
      clock: makeSystemClock(),
      observer: makeRecordingObserver(),
      newWriteToken: randomUUID,
    })
  const stores = [open(), open()]
  scope.teardown(() => Promise.all(stores.map((store) => store.close())))
  return stores
}

await prove(
  {
    'Wake-ups at once: embedded': async (scope, isShort) => wakeUps(await twoOnOneDirectory(scope), isShort ? 2000 : 20_000),
    'Wake-ups at once: on a stand-in for DynamoDB': async (scope, isShort) => wakeUps(await twoOnOneTable(scope), isShort ? 1000 : 20_000),
  },
  {
    'Cancels and changes at the last moment: two processes on one directory': async (scope, isShort) =>
      lastMoment(await openEmbeddedCluster(scope, 2), {
        count: isShort ? 1000 : 10_000,
        perSecond: 400,
        aheadMs: isShort ? 3000 : 15_000,
        earliestMs: 50,
      }),
    'Cancels and changes at the last moment: two replicas on stand-ins for AWS': async (scope, isShort) =>
      lastMoment(await openAwsCluster(scope), {
        count: isShort ? 500 : 10_000,
        perSecond: 100,
        aheadMs: isShort ? 8000 : 60_000,
        earliestMs: 150,
      }),
  },
)
