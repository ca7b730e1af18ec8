import { readdirSync } from 'node:fs'
import { join } from 'node:path'
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
