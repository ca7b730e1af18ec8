import { cpSync, existsSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { openEmbeddedStore } from '../../../src/adapters/embedded/store.ts'
import { makeSystemClock } from '../../../src/adapters/system/clock.ts'
import { emptyDirectory } from '../../support/directory.ts'
import { makeRecordingObserver } from '../../support/observer.ts'
import { newSchedule } from '../../support/schedules.ts'

const marker = 'a payload that is easy to find'

/** What a process leaves behind that is killed: everything is in the log. */
const left = await leave(emptyDirectory(t), join(emptyDirectory(t), 'left'))

async function leave(directory: string, copy: string): Promise<string> {
  const store = await openEmbeddedStore(directory, makeSystemClock(), makeRecordingObserver())
  for (let index = 0; index < 20; index++) await store.insert(newSchedule({ name: `post-${index}`, content: { payload: `"${marker}"` } }))
  cpSync(directory, copy, { recursive: true })
  await store.close()
  return copy
}

function killed(t: Test): string {
  const copy = join(emptyDirectory(t), 'left')
  cpSync(left, copy, { recursive: true })
  return copy
}

/** A store that was closed, of so many records. */
async function closed(t: Test, records: number, payload: string): Promise<string> {
  const directory = emptyDirectory(t)
  const store = await openEmbeddedStore(directory, makeSystemClock(), makeRecordingObserver())
  await Promise.all(
    Array.from({ length: records }, (_, index) => store.insert(newSchedule({ name: `post-${index}`, content: { payload } }))),
  )
  await store.close()
  return join(directory, 'punctual.db')
}

function flipBit(file: string, offset: number): void {
  const bytes = readFileSync(file)
  bytes.writeUInt8(bytes.readUInt8(offset) ^ 1, offset)
  writeFileSync(file, bytes)
}

async function isRefused(t: Test, directory: string): Promise<void> {
  const files = ['punctual.db', 'punctual.db-wal']
  const before = files.map((file) => (existsSync(join(directory, file)) ? readFileSync(join(directory, file)) : undefined))
  await t.rejects(openEmbeddedStore(directory, makeSystemClock(), makeRecordingObserver()), {
    name: 'StartRefused',
    message: /is damaged \(.*Restore a backup.*Nothing was changed/,
  })
  t.ok(
    files.every((file, index) => before[index]?.equals(readFileSync(join(directory, file))) ?? true),
    'and it stays as it was',
  )
}

await t.test('what a killed process leaves behind is sound', async (t) => {
  const store = await openEmbeddedStore(killed(t), makeSystemClock(), makeRecordingObserver())
  t.teardown(() => store.close())
  t.same(await store.counts('blog'), { scheduled: 20 })
})

for (const where of [0.01, 0.5, 0.999]) {
  await t.test(`a bit that has flipped in the log is noticed, at ${where} of it`, async (t) => {
    const directory = killed(t)
    const log = join(directory, 'punctual.db-wal')
    flipBit(log, Math.floor(statSync(log).size * where))
    await isRefused(t, directory)
  })

  await t.test(`a log that was cut off is noticed, at ${where} of it`, async (t) => {
    const directory = killed(t)
    const log = join(directory, 'punctual.db-wal')
    truncateSync(log, Math.floor(statSync(log).size * where))
    await isRefused(t, directory)
  })
}

await t.test('a log that is missing is noticed', async (t) => {
  const directory = killed(t)
  rmSync(join(directory, 'punctual.db-wal'))
  await isRefused(t, directory)
})

await t.test('without the wal-index, what was committed before the last commit is still noticed', async (t) => {
  const directory = killed(t)
  rmSync(join(directory, 'punctual.db-shm'))
  const log = join(directory, 'punctual.db-wal')
  flipBit(log, Math.floor(statSync(log).size / 2))
  await isRefused(t, directory)
})

await t.test('a commit that never finished, where the power failed, is none: the store is sound without it', async (t) => {
  const directory = killed(t)
  rmSync(join(directory, 'punctual.db-shm'))
  const log = join(directory, 'punctual.db-wal')
  truncateSync(log, statSync(log).size - 100)
  const store = await openEmbeddedStore(directory, makeSystemClock(), makeRecordingObserver())
  t.teardown(() => store.close())
  t.same(await store.counts('blog'), { scheduled: 19 })
})

await t.test('a bit that has flipped in a record is noticed at start', async (t) => {
  const file = await closed(t, 20, `"${marker}"`)
  flipBit(file, readFileSync(file).indexOf(marker))
  await isRefused(t, join(file, '..'))
})

await t.test('a large store is looked through while it is used: damage is told, the record is not used, and it is not ready', async (t) => {
  const file = await closed(t, 40, JSON.stringify(marker + 'x'.repeat(250_000)))
  flipBit(file, readFileSync(file).lastIndexOf(marker))
  const observer = makeRecordingObserver()
  const store = await openEmbeddedStore(join(file, '..'), makeSystemClock(), observer)
  t.teardown(() => store.close())
  await observer.waitForFailures(1)
  t.match(observer.failures, [
    { what: 'the store is damaged', error: { message: /the record of the schedule post-\d+ of blog\): restore a backup/ } },
  ])
  await t.rejects(store.check(), { code: 'unavailable' })
  const answers = await Promise.allSettled(Array.from({ length: 40 }, (_, index) => store.get('blog', `post-${index}`)))
  const refused = answers.filter((answer) => answer.status === 'rejected')
  t.match(refused, [{ reason: { code: 'unavailable', message: /^The store is damaged/ } }])
  t.equal(refused.length, 1)
})

await t.test('a large store that is closed at once does not wait for that', async (t) => {
  const file = await closed(t, 40, JSON.stringify('x'.repeat(250_000)))
  const observer = makeRecordingObserver()
  const store = await openEmbeddedStore(join(file, '..'), makeSystemClock(), observer)
  await store.close()
  t.same(observer.failures, [])
})

await t.test('two who open the same store while it is written to see no damage', async (t) => {
  const directory = emptyDirectory(t)
  const store = await openEmbeddedStore(directory, makeSystemClock(), makeRecordingObserver())
  t.teardown(() => store.close())
  let isOver = false
  async function write(): Promise<void> {
    if (isOver) return
    await Promise.all(Array.from({ length: 5 }, () => store.insert(newSchedule())))
    await write()
  }
  const writing = write()
  for (let time = 0; time < 2; time++) await (await openEmbeddedStore(directory, makeSystemClock(), makeRecordingObserver())).close()
  isOver = true
  await writing
  t.pass()
})
