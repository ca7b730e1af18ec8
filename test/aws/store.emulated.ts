import { randomUUID } from 'node:crypto'
import t from 'tap'
import { makeCursors } from '../../src/adapters/aws/cursor.ts'
import { makeDynamoStore } from '../../src/adapters/aws/store.ts'
import { base, storeContract } from '../contract/store.ts'
import { createTable, dynamoClient } from '../support/aws/dynamo.ts'
import { startMinistack, startMoto } from '../support/aws/emulators.ts'
import { makeRecordingObserver } from '../support/observer.ts'

for (const [name, start] of Object.entries({ ministack: startMinistack, moto: startMoto })) {
  await t.test(`the store's contract on ${name}`, async (t) => {
    const client = dynamoClient(await start(t))
    t.teardown(() => client.destroy())
    const tableName = 'punctual-test'
    await createTable(client, tableName)
    const store = makeDynamoStore({
      client,
      tableName,
      cursors: makeCursors('a secret of at least thirty-two bytes'),
      clock: { now: () => base, sleepUntil: async () => undefined, pause: async () => undefined },
      observer: makeRecordingObserver(),
      newWriteToken: randomUUID,
    })
    await storeContract(t, async () => store)
  })
}
