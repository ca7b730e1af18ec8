import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { copyFileSync, existsSync, openSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { type EmbeddedStore, openEmbeddedStore } from '../../../src/adapters/embedded/store.ts'
import { makeSystemClock } from '../../../src/adapters/system/clock.ts'
import { cancel, claim } from '../../../src/domain/lifecycle.ts'
import { storeContract } from '../../contract/store.ts'
import { emptyDirectory } from '../../support/directory.ts'
import { makeRecordingObserver } from '../../support/observer.ts'
import { newSchedule } from '../../support/schedules.ts'

async function open(t: Test, directory: string): Promise<EmbeddedStore> {
  const store = await openEmbeddedStore(directory, makeSystemClock(), makeRecordingObserver())
  let closed: Promise<void> | undefined
  const close = (): Promise<void> => {
    closed ??= store.close()
    return closed
  }
  t.teardown(close)
  return { ...store, close }
}

await t.test('contract', async (t) => {
  const shared = await open(t, emptyDirectory(t))
  await storeContract(t, async () => shared)
})

await t.test('the due index tells the records along, but for a large one', async (t) => {
  const store = await open(t, emptyDirectory(t))
  const small = newSchedule({ name: 'small' })
  const empty = newSchedule({ name: 'empty', content: { ...small.content, payload: null } })
  const large = newSchedule({ name: 'large', content: { ...small.content, payload: JSON.stringify('x'.repeat(5000)) } })
  for (const schedule of [small, empty, large]) await store.insert(schedule)
  const due = await store.due('blog', small.at + 1000, 10)
  t.same(
    new Map(due.map(({ name, record }) => [name, record])),
    new Map([
      ['small', small],
      ['empty', empty],
      ['large', undefined],
    ]),
  )
})

await t.test('of many that are added together, those are whose names are free, and of one name the first', async (t) => {
  const directory = emptyDirectory(t)
  const store = await open(t, directory)
  const taken = newSchedule({ name: 'taken' })
  await store.insert(taken)
  const [one, again, other] = [newSchedule({ name: 'one' }), newSchedule({ name: 'one' }), newSchedule({ name: 'taken' })]
  const many = Array.from({ length: 500 }, () => newSchedule())
  t.same(await store.insertTogether?.('blog', [one, again, other, ...many]), [true, false, false, ...many.map(() => true)])
  t.same(await store.get('blog', 'one'), one)
  t.same(await store.get('blog', 'taken'), taken)
  t.same(await store.counts('blog'), { scheduled: 502 })
  await store.close()
  const opened = await open(t, directory)
  for (const schedule of many.slice(0, 20)) t.same(await opened.get('blog', schedule.name), schedule)
})

await t.test('what was answered is there after closing and opening again', async (t) => {
  const directory = emptyDirectory(t)
  const store = await open(t, directory)
  const schedule = newSchedule()
  await store.insert(schedule)
  await store.close()
  const again = await open(t, directory)
  t.same(await again.get('blog', schedule.name), schedule)
})

await t.test('everything that was asked for before closing is answered', async (t) => {
  const store = await open(t, emptyDirectory(t))
  const answers = Array.from({ length: 100 }, () => store.insert(newSchedule()))
  await store.close()
  t.ok((await Promise.all(answers)).every(({ inserted }) => inserted))
})

await t.test('after closing, it is unavailable', async (t) => {
  const store = await open(t, emptyDirectory(t))
  await store.close()
  await t.rejects(store.get('blog', 'x'), { code: 'unavailable' })
})

await t.test('two stores on one directory see each other, and of two changes one wins', async (t) => {
  const directory = emptyDirectory(t)
  const [one, two] = [await open(t, directory), await open(t, directory)]
  const schedules = Array.from({ length: 200 }, () => newSchedule())
  await Promise.all(schedules.map((schedule, index) => (index % 2 ? one : two).insert(schedule)))
  const wins = await Promise.all(
    schedules.flatMap((schedule) => [one, two].map((store) => store.replace(schedule, claim(schedule, schedule.at)))),
  )
  t.equal(wins.filter(Boolean).length, schedules.length)
  for (const schedule of schedules) t.equal((await one.get('blog', schedule.name))?.status, 'delivering')
})

await t.test('the next due moment is found among first attempts, retries and leases', async (t) => {
  const store = await open(t, emptyDirectory(t))
  t.equal(await store.nextDueAt('blog', 0), undefined)
  const at = 1_900_000_000_000
  await store.insert(newSchedule({ at }))
  t.equal(await store.nextDueAt('blog', 0), at)
  t.equal(await store.nextDueAt('blog', at - 1), at)
  t.equal(await store.nextDueAt('blog', at), undefined)
  const leased = newSchedule({ at: at - 1_000_000 })
  await store.insert(leased)
  const lease = claim(leased, at - 1_000_000)
  await store.replace(leased, lease)
  t.equal(await store.nextDueAt('blog', 0), lease.dueAt)
})

await t.test('finished records are removed when their time has come, and their names are free', async (t) => {
  const directory = emptyDirectory(t)
  const store = await open(t, directory)
  const now = Date.now()
  const old = newSchedule({ now: now - 1000 })
  const young = newSchedule({ now })
  for (const schedule of [old, young]) await store.insert(schedule)
  for (const schedule of [old, young]) {
    const answer = cancel(schedule, schedule.createdAt, 500)
    if (answer.kind === 'moved')
      await store.replace(schedule, { ...answer.schedule, removeAt: schedule === old ? now - 1 : now + 3600_000 })
  }
  t.equal(await store.prune(), 1)
  t.equal(await store.get('blog', old.name), undefined)
  t.equal((await store.get('blog', young.name))?.status, 'canceled')
  const database = new DatabaseSync(join(directory, 'punctual.db'))
  t.same(Number(database.prepare('SELECT count(*) AS n FROM content').get()?.n), 1)
  database.close()
})

await t.test('however many are to be removed, all of them are', async (t) => {
  const store = await open(t, emptyDirectory(t))
  const removeAt = Date.now() - 1
  await Promise.all(
    Array.from({ length: 1100 }, () => store.insert({ ...newSchedule(), status: 'canceled', dueAt: null, finishedAt: removeAt, removeAt })),
  )
  t.equal(await store.prune(), 1100)
  t.same((await store.list({ application: 'blog', limit: 10 })).items, [])
})

await t.test('the write-ahead log does not grow without bound', async (t) => {
  const directory = emptyDirectory(t)
  const store = await open(t, directory)
  const payload = JSON.stringify('x'.repeat(200_000))
  let largest = 0
  for (let round = 0; round < 30; round++) {
    await Promise.all(Array.from({ length: 30 }, () => store.insert(newSchedule({ content: { payload } }))))
    await store.checkpoint()
    largest = Math.max(largest, statSync(join(directory, 'punctual.db-wal')).size)
  }
  t.ok(largest < 128 * 1024 * 1024, `${largest} bytes`)
})

await t.test('when the disk fills up in the middle of a batch, nothing is acknowledged that is not there', async (t) => {
  const directory = emptyDirectory(t)
  const script = new URL('../../support/fillStore.ts', import.meta.url).pathname
  // Too much for SQLite's cache, so that it writes, and fails, before the commit.
  const limited = 'unset NODE_OPTIONS; ulimit -f 20000; exec "$0" "$@"'
  const { stdout } = await promisify(execFile)('bash', ['-c', limited, process.execPath, script, directory])
  const { acknowledged, missing } = JSON.parse(stdout) as { acknowledged: string[]; missing: string[] }
  t.ok(acknowledged.length > 0 && acknowledged.length < 300, `${acknowledged.length} acknowledged`)
  t.same(missing, [])
  const store = await open(t, directory)
  for (const name of acknowledged) t.ok(await store.get('blog', name), name)
})

await t.test('somebody who reads the file from outside does not hold up a write', async (t) => {
  const directory = emptyDirectory(t)
  const store = await open(t, directory)
  await store.insert(newSchedule())
  const outside = new DatabaseSync(join(directory, 'punctual.db'))
  outside.exec('BEGIN')
  outside.prepare('SELECT count(*) FROM schedule').get()
  const payload = JSON.stringify('x'.repeat(250_000))
  for (let round = 0; round < 10; round++)
    await Promise.all(Array.from({ length: 30 }, () => store.insert(newSchedule({ content: { payload } }))))
  t.ok(statSync(join(directory, 'punctual.db-wal')).size > 64 * 1024 * 1024)
  const begun = performance.now()
  await Promise.all([store.checkpoint(), store.insert(newSchedule())])
  t.ok(performance.now() - begun < 3000)
  outside.close()
})

await t.test('an idle store is all in its one file, so that a copy of it is a copy of all', async (t) => {
  const directory = emptyDirectory(t)
  const store = await open(t, directory)
  await store.insert(newSchedule({ name: 'post-42' }))
  for (let look = 0; look < 10; look++) await store.checkpoint()
  const copy = join(emptyDirectory(t), 'punctual.db')
  copyFileSync(join(directory, 'punctual.db'), copy)
  const database = new DatabaseSync(copy)
  t.match(database.prepare('SELECT name FROM schedule').all(), [{ name: 'post-42' }])
  database.close()
})

await t.test('people can read the file with a sqlite3 shell', async (t) => {
  const directory = emptyDirectory(t)
  const store = await open(t, directory)
  await store.insert(newSchedule({ name: 'post-42', at: Date.UTC(2030, 0, 2, 3, 4, 5, 678) }))
  const database = new DatabaseSync(join(directory, 'punctual.db'))
  t.match(database.prepare('SELECT * FROM schedules').get(), {
    application: 'blog',
    name: 'post-42',
    status: 'scheduled',
    at: '2030-01-02T03:04:05.678Z',
    payload: '{ "postId": 42 }',
  })
  database.close()
})

await t.test('refuses to start, and says what to do', async (t) => {
  async function refusal(directory: string): Promise<string> {
    try {
      await (await openEmbeddedStore(directory, makeSystemClock(), makeRecordingObserver())).close()
      return 'it started'
    } catch (error) {
      return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    }
  }

  /** The file of a store that has been in use, closed. */
  async function used(t: Test): Promise<string> {
    const directory = emptyDirectory(t)
    const store = await open(t, directory)
    await Promise.all(Array.from({ length: 500 }, () => store.insert(newSchedule({ name: `post-${randomUUID()}` }))))
    await store.close()
    return directory
  }

  await t.test('on what is no database', async (t) => {
    const directory = emptyDirectory(t)
    writeFileSync(join(directory, 'punctual.db'), 'this is not a database, but a text that is long enough to be taken for one'.repeat(100))
    t.match(await refusal(directory), /^StartRefused: .*punctual\.db is damaged .*Restore a backup, or move the file/)
  })

  await t.test('on a file that was cut off', async (t) => {
    const directory = await used(t)
    const file = join(directory, 'punctual.db')
    truncateSync(file, Math.floor(statSync(file).size / 2 / 4096) * 4096)
    t.match(await refusal(directory), /^StartRefused: .* is damaged /)
  })

  await t.test('on a file with a page of garbage', async (t) => {
    const directory = await used(t)
    const file = openSync(join(directory, 'punctual.db'), 'r+')
    writeSync(file, Buffer.alloc(4096, 0xa5), 0, 4096, 4096 * 12)
    t.match(await refusal(directory), /^StartRefused: .* is damaged /)
  })

  await t.test('on an empty file whose log has everything, which it leaves as it is', async (t) => {
    const directory = emptyDirectory(t)
    const store = await open(t, directory)
    await store.insert(newSchedule())
    const copy = emptyDirectory(t)
    copyFileSync(join(directory, 'punctual.db-wal'), join(copy, 'punctual.db-wal'))
    writeFileSync(join(copy, 'punctual.db'), '')
    t.match(await refusal(copy), /is damaged \(it is empty, but its log is not\)/)
    t.ok(statSync(join(copy, 'punctual.db-wal')).size > 0)
  })

  await t.test("on another program's database", async (t) => {
    const directory = emptyDirectory(t)
    const database = new DatabaseSync(join(directory, 'punctual.db'))
    database.exec('CREATE TABLE cats (name TEXT)')
    database.close()
    t.match(await refusal(directory), /another program's database. Set DATA_DIR/)
  })

  await t.test('on a newer schema, which it leaves as it is', async (t) => {
    const directory = await used(t)
    const file = join(directory, 'punctual.db')
    const database = new DatabaseSync(file)
    database.exec('PRAGMA user_version = 99; PRAGMA wal_checkpoint(TRUNCATE)')
    database.close()
    copyFileSync(file, `${file}.before`)
    t.match(await refusal(directory), /written by a newer version of Punctual \(its schema is 99/)
    t.ok(readFileSync(file).equals(readFileSync(`${file}.before`)))
  })

  await t.test('on a directory that cannot be made', async (t) => {
    const directory = emptyDirectory(t)
    writeFileSync(join(directory, 'file'), '')
    t.match(await refusal(join(directory, 'file', 'data')), /^StartRefused: .*Check DATA_DIR/)
  })
})

await t.test('a store of an earlier schema is brought up to date, with everything in it', async (t) => {
  const directory = emptyDirectory(t)
  const database = new DatabaseSync(join(directory, 'punctual.db'))
  database.exec(readFileSync(new URL('./schema1.sql', import.meta.url), 'utf8'))
  database.close()
  const store = await open(t, directory)
  const statuses = {
    waiting: 'scheduled',
    retrying: 'scheduled',
    delivering: 'delivering',
    delivered: 'delivered',
    failed: 'failed',
    canceled: 'canceled',
  }
  for (const [name, status] of Object.entries(statuses))
    t.match(await store.get('blog', name), { name, status, timeZone: null, expiresAt: null, content: { payload: '{ "postId": 42 }' } })
  t.match(await store.get('blog', 'retrying'), { tries: 1, attempts: [{ outcome: 'retry', statusCode: 500 }] })
  t.same(await store.counts('blog'), { scheduled: 2, delivering: 1, delivered: 1, failed: 1, canceled: 1 })
  const waiting = await store.get('blog', 'waiting')
  if (waiting === undefined) throw new Error('it is gone')
  t.equal(await store.replace(waiting, claim(waiting, waiting.at)), true)
  t.match(await store.counts('blog'), { scheduled: 1, delivering: 2 })
  await store.close()
  t.match(await (await open(t, directory)).counts('blog'), { scheduled: 1, delivering: 2 }, 'and opened again')
})

await t.test('a store of an earlier schema is not changed under the process that is using it', async (t) => {
  const directory = emptyDirectory(t)
  const earlier = new DatabaseSync(join(directory, 'punctual.db'))
  earlier.exec(`PRAGMA journal_mode = WAL; ${readFileSync(new URL('./schema1.sql', import.meta.url), 'utf8')}`)
  const starting = openEmbeddedStore(directory, makeSystemClock(), makeRecordingObserver())
  await t.rejects(starting, { name: 'StartRefused', message: /in use: stop the service first/ })
  t.match(earlier.prepare('PRAGMA user_version').get(), { user_version: 1 })
  earlier.close()
  await open(t, directory)
})

await t.test('the data directory is for its owner alone', async (t) => {
  const directory = join(emptyDirectory(t), 'deep', 'data')
  await open(t, directory)
  t.equal(statSync(directory).mode & 0o777, 0o700)
  t.ok(existsSync(join(directory, 'punctual.db')))
  t.ok(readdirSync(directory).length > 0)
})
