import t from 'tap'
import { apiOf } from '../support/api.ts'
import { emptyDirectory } from '../support/directory.ts'
import { startService } from '../support/service.ts'

await t.test('on a full disk nothing is acknowledged that is not there', async (t) => {
  const dataDir = emptyDirectory(t)
  const full = await startService({ dataDir, fileLimitKib: 40_000 })
  t.teardown(() => full.end('SIGKILL'))
  const payload = 'x'.repeat(250_000)
  const acknowledged: string[] = []
  const refused: number[] = []
  async function create(index: number): Promise<void> {
    const name = `full-${index}`
    const body = JSON.stringify({ name, delaySeconds: 3600, target: { url: 'http://127.0.0.1:1/' }, payload })
    const response = await fetch(`${full.url}/schedules`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    await response.arrayBuffer()
    if (response.status < 300) acknowledged.push(name)
    else refused.push(response.status)
  }
  // So much at once that SQLite has to write before the commit, and fails in the middle of a transaction.
  await Promise.all(Array.from({ length: 400 }, (_, index) => create(index)))
  t.ok(acknowledged.length > 0 && refused.length > 0, `${acknowledged.length} acknowledged, ${refused.length} refused`)
  t.ok(refused.every((status) => status === 503))
  async function statusOf(name: string): Promise<number> {
    for (;;) {
      const response = await fetch(`${full.url}/schedules/${name}`)
      await response.arrayBuffer()
      // So much at once may have been too much for a moment.
      if (response.status !== 503) return response.status
    }
  }
  for (const name of acknowledged) t.equal(await statusOf(name), 200, name)
  t.equal((await fetch(`${full.url}/health/live`)).status, 200)
  t.match(full.output(), /"level":"error".*disk/)
  await full.end('SIGKILL')

  const again = await startService({ dataDir })
  t.teardown(() => again.end('SIGKILL'))
  const names = new Set((await apiOf(again.url).list()).map(({ name }) => name))
  t.same(
    acknowledged.filter((name) => !names.has(name)),
    [],
  )
  t.equal((await fetch(`${again.url}/health/ready`)).status, 200)
})
