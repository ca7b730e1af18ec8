import { randomBytes } from 'node:crypto'
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import t, { type Test } from 'tap'
import { backUp, restore } from '../../../src/adapters/embedded/backup.ts'
import { openDatabase } from '../../../src/adapters/embedded/database.ts'
import { type EmbeddedStore, openEmbeddedStore } from '../../../src/adapters/embedded/store.ts'
import { makeSystemClock } from '../../../src/adapters/system/clock.ts'
import { emptyDirectory } from '../../support/directory.ts'
import { makeRecordingObserver } from '../../support/observer.ts'
import { newSchedule } from '../../support/schedules.ts'

const open = (directory: string): Promise<EmbeddedStore> => openEmbeddedStore(directory, makeSystemClock(), makeRecordingObserver())

function namesIn(directory: string): string[] {
  const database = openDatabase(join(directory, 'punctual.db'))
  const rows = database.prepare('SELECT name FROM schedule JOIN content USING (seq)').all()
  database.close()
  return rows.map(({ name }) => String(name))
}

/** A store with a schedule, its backup, and a second schedule, which is in the store's log alone; as after a crash. */
async function crashedAfterBackup(t: Test): Promise<{ dataDir: string; file: string; saved: string }> {
  const [running, dataDir, backups] = [emptyDirectory(t), emptyDirectory(t), emptyDirectory(t)]
  const store = await open(running)
  await store.insert(newSchedule({ name: 'in-the-backup' }))
  const saved = join(backups, 'backup')
  await backUp(running, saved)
  await store.insert(newSchedule({ name: 'after-it' }))
  for (const suffix of ['', '-wal']) copyFileSync(join(running, `punctual.db${suffix}`), join(dataDir, `punctual.db${suffix}`))
  await store.close()
  return { dataDir, file: join(dataDir, 'punctual.db'), saved }
}

await t.test('a backup is one file, for its owner alone, and can be restored into an empty directory', async (t) => {
  const { saved } = await crashedAfterBackup(t)
  t.equal(statSync(saved).mode & 0o777, 0o600)
  t.same(readdirSync(join(saved, '..')), ['backup'])
  const directory = join(emptyDirectory(t), 'new')
  t.equal(restore(saved, directory), undefined)
  t.same(namesIn(directory), ['in-the-backup'])
  await t.rejects(backUp(directory, saved), { name: 'StartRefused', message: /there already/ })
})

await t.test('the store that was there is moved aside, with its log', async (t) => {
  const { dataDir, saved } = await crashedAfterBackup(t)
  const aside = restore(saved, dataDir) ?? ''
  t.same(namesIn(dataDir), ['in-the-backup'])
  const other = emptyDirectory(t)
  for (const suffix of ['', '-wal']) if (existsSync(aside + suffix)) copyFileSync(aside + suffix, join(other, `punctual.db${suffix}`))
  t.same(namesIn(other).toSorted(), ['after-it', 'in-the-backup'])
})

await t.test('a log that was left behind by a lost store is not taken for that of the restored one', async (t) => {
  const { dataDir, file, saved } = await crashedAfterBackup(t)
  rmSync(file)
  restore(saved, dataDir)
  t.same(namesIn(dataDir), ['in-the-backup'])
})

await t.test('a store that is damaged gives way', async (t) => {
  const { dataDir, file, saved } = await crashedAfterBackup(t)
  writeFileSync(file, randomBytes(20_000))
  restore(saved, dataDir)
  t.same(namesIn(dataDir), ['in-the-backup'])
})

await t.test('a store that is in use stays', async (t) => {
  const { dataDir, saved } = await crashedAfterBackup(t)
  const store = await open(dataDir)
  t.throws(() => restore(saved, dataDir), { name: 'StartRefused', message: /in use: stop the service first/ })
  await store.insert(newSchedule({ name: 'goes-on' }))
  await store.close()
  t.equal(namesIn(dataDir).length, 3)
})

await t.test('what is no backup that can be used is refused, and the store stays as it was', async (t) => {
  const { dataDir, file, saved } = await crashedAfterBackup(t)
  const directory = emptyDirectory(t)
  const garbage = join(directory, 'garbage')
  writeFileSync(garbage, 'x'.repeat(10_000))
  const cats = join(directory, 'cats')
  const others = new DatabaseSync(cats)
  others.exec('CREATE TABLE cats (name TEXT)')
  others.close()
  const newer = join(directory, 'newer')
  copyFileSync(saved, newer)
  const database = new DatabaseSync(newer)
  database.exec('PRAGMA user_version = 99')
  database.close()
  for (const [from, message] of [
    [garbage, /no usable store/],
    [cats, /no store of Punctual/],
    [newer, /newer version/],
    [`${saved}.none`, /There is no/],
    [file, /has a log beside it/],
  ] as const)
    t.throws(() => restore(from, dataDir), { name: 'StartRefused', message }, String(message))
  t.same(readdirSync(dataDir).toSorted(), ['punctual.db', 'punctual.db-wal'])
  t.equal(namesIn(dataDir).length, 2)
  await t.rejects(backUp(directory, join(directory, 'new')), { message: /no store in/ })
})

await t.test('an older store is backed up as it is: the service of its version may be running', async (t) => {
  const directory = emptyDirectory(t)
  const file = join(directory, 'punctual.db')
  const database = new DatabaseSync(file)
  database.exec(readFileSync(new URL('./schema1.sql', import.meta.url), 'utf8'))
  database.close()
  const saved = join(emptyDirectory(t), 'backup')
  await backUp(directory, saved)
  for (const each of [file, saved]) {
    const looked = new DatabaseSync(each, { readOnly: true })
    t.same(looked.prepare('PRAGMA user_version').get(), { user_version: 1 })
    looked.close()
  }
  const restored = emptyDirectory(t)
  restore(saved, restored)
  t.equal(namesIn(restored).length, 6)
})
