import { randomBytes } from 'node:crypto'
import { copyFileSync, existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import t from 'tap'
import { apiOf } from '../support/api.ts'
import { runCli } from '../support/cli.ts'
import { emptyDirectory } from '../support/directory.ts'
import { startService } from '../support/service.ts'

const schedule = (name: string): object => ({ name, delaySeconds: 3600, target: { url: 'http://127.0.0.1:1/' }, payload: 'x'.repeat(1000) })

await t.test('a backup of a running service has all that was acknowledged before, and can be restored', async (t) => {
  const [dataDir, backups] = [emptyDirectory(t), emptyDirectory(t)]
  const service = await startService({ dataDir })
  t.teardown(() => service.end('SIGKILL'))
  const api = apiOf(service.url)
  const acknowledged: string[] = []
  const stopping = new AbortController()
  const stop = stopping.signal
  async function createOnAndOn(caller: number): Promise<void> {
    for (let index = 0; !stop.aborted; index++) {
      const { name } = await api.create(schedule(`${caller}-${index}`))
      acknowledged.push(name)
    }
  }
  const callers = [1, 2, 3, 4].map(createOnAndOn)
  while (acknowledged.length < 200) await new Promise((resolve) => setTimeout(resolve, 10))
  const before = [...acknowledged]
  const file = join(backups, 'punctual.backup')
  t.match(await runCli(['backup', file], { DATA_DIR: dataDir }), { code: 0, stderr: /is backed up in/ })
  stopping.abort()
  await Promise.all(callers)
  t.ok(acknowledged.length > before.length, 'the service went on meanwhile')
  t.same(readdirSync(backups), ['punctual.backup'], 'one file, and nothing beside it')

  t.match(await runCli(['backup', file], { DATA_DIR: dataDir }), { code: 1, stderr: /there already/ })
  const inUse = await runCli(['restore', file], { DATA_DIR: dataDir })
  t.match(inUse, { code: 1, stderr: /in use: stop the service first/ })
  t.equal((await fetch(`${service.url}/health/ready`)).status, 200)
  await api.create(schedule('after-the-backup'))
  await service.end('SIGKILL')

  // As after a crash, with a log beside the file that must not be taken for the restored one's.
  t.match(await runCli(['restore', file], { DATA_DIR: dataDir }), { code: 0, stderr: /The one before is/ })
  const again = await startService({ dataDir })
  t.teardown(() => again.end('SIGKILL'))
  const names = new Set((await apiOf(again.url).list()).map(({ name }) => name))
  t.same(
    before.filter((name) => !names.has(name)),
    [],
  )
  t.notOk(names.has('after-the-backup'))
  await apiOf(again.url).create(schedule('goes-on'))
})

await t.test('into an empty directory, as on another machine', async (t) => {
  const [dataDir, other] = [emptyDirectory(t), join(emptyDirectory(t), 'new')]
  const service = await startService({ dataDir })
  await apiOf(service.url).create(schedule('post-42'))
  const file = join(emptyDirectory(t), 'backup')
  await runCli(['backup', file], { DATA_DIR: dataDir })
  await service.end('SIGKILL')
  t.match(await runCli(['restore', file], { DATA_DIR: other }), { code: 0 })
  const again = await startService({ dataDir: other })
  t.teardown(() => again.end('SIGKILL'))
  t.match(await apiOf(again.url).read('post-42'), { name: 'post-42' })
})

await t.test('what is no backup is refused, and what is there stays', async (t) => {
  const dataDir = emptyDirectory(t)
  const file = join(dataDir, 'garbage')
  writeFileSync(file, 'x'.repeat(10_000))
  t.match(await runCli(['restore', file], { DATA_DIR: dataDir }), { code: 1, stderr: /no usable store/ })
  t.match(await runCli(['restore', `${file}.none`], { DATA_DIR: dataDir }), { code: 1, stderr: /There is no/ })
  t.match(await runCli(['backup', `${file}.new`], { DATA_DIR: dataDir }), { code: 1, stderr: /no store in/ })
  t.notOk(existsSync(join(dataDir, 'punctual.db')))
})

await t.test('a store that is damaged, or of which only the log is left, gives way to a backup', async (t) => {
  const dataDir = emptyDirectory(t)
  const file = join(dataDir, 'punctual.db')
  const service = await startService({ dataDir })
  await apiOf(service.url).create(schedule('in-the-backup'))
  const saved = join(emptyDirectory(t), 'backup')
  await runCli(['backup', saved], { DATA_DIR: dataDir })
  t.equal(statSync(saved).mode & 0o777, 0o600)
  await apiOf(service.url).create(schedule('after-it'))
  await service.end('SIGKILL')

  async function namesAfterRestore(): Promise<string[]> {
    t.match(await runCli(['restore', saved], { DATA_DIR: dataDir }), { code: 0 })
    const again = await startService({ dataDir })
    const names = (await apiOf(again.url).list()).map(({ name }) => name)
    await again.end('SIGKILL')
    return names
  }
  rmSync(file)
  t.same(await namesAfterRestore(), ['in-the-backup'], 'the log of the lost file is not taken for the one of the restored')
  writeFileSync(file, randomBytes(20_000))
  t.same(await namesAfterRestore(), ['in-the-backup'])
})

await t.test('a copy of the files of a store is no backup: what is in its log would be lost', async (t) => {
  const [dataDir, copies, other] = [emptyDirectory(t), emptyDirectory(t), emptyDirectory(t)]
  const service = await startService({ dataDir })
  t.teardown(() => service.end('SIGKILL'))
  await apiOf(service.url).create(schedule('in-the-log'))
  for (const suffix of ['', '-wal']) copyFileSync(join(dataDir, `punctual.db${suffix}`), join(copies, `copy.db${suffix}`))
  t.match(await runCli(['restore', join(copies, 'copy.db')], { DATA_DIR: other }), { code: 1, stderr: /has a log beside it/ })
})

await t.test("a newer version's backup is refused, and the store stays where it is", async (t) => {
  const [dataDir, backups] = [emptyDirectory(t), emptyDirectory(t)]
  const service = await startService({ dataDir })
  await apiOf(service.url).create(schedule('post-42'))
  const saved = join(backups, 'backup')
  await runCli(['backup', saved], { DATA_DIR: dataDir })
  await service.end('SIGKILL')
  const database = new DatabaseSync(saved)
  database.exec('PRAGMA user_version = 99')
  database.close()
  t.match(await runCli(['restore', saved], { DATA_DIR: dataDir }), { code: 1, stderr: /newer version/ })
  const again = await startService({ dataDir })
  t.teardown(() => again.end('SIGKILL'))
  t.match(await apiOf(again.url).read('post-42'), { name: 'post-42' })
})
