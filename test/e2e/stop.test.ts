import { once } from 'node:events'
import { Agent, get } from 'node:http'
import t from 'tap'
import { apiOf } from '../support/api.ts'
import { emptyDirectory } from '../support/directory.ts'
import { startOwner } from '../support/owner.ts'
import { startService } from '../support/service.ts'

await t.test('SIGTERM lets a delivery end, writes it down, and exits with 0', async (t) => {
  const owner = await startOwner((_call, response) => setTimeout(() => response.end('late'), 700))
  t.teardown(() => owner.close())
  const dataDir = emptyDirectory(t)
  const first = await startService({ dataDir })
  const { name } = await apiOf(first.url).create({ delaySeconds: 0, target: { url: owner.origin } })
  const held = await apiOf(first.url).create({ delaySeconds: 0.9, target: { url: owner.origin } })
  await owner.waitForCalls(1)
  t.equal(await first.end('SIGTERM'), 0)
  t.equal(owner.calls.length, 1, 'nothing new is begun')
  const second = await startService({ dataDir })
  t.teardown(() => second.end('SIGKILL'))
  t.match(await apiOf(second.url).read(name), { status: 'delivered', attempts: [{ responseBody: 'late' }] })
  await apiOf(second.url).waitForStatus(held.name, 'delivered')
  t.equal(owner.calls.length, 2)
})

await t.test("a delivery that does not end is broken off, and is the next process's at once", async (t) => {
  const owner = await startOwner(({ headers }, response) => {
    if (headers['schedule-attempt'] === '2') response.end()
  })
  t.teardown(() => owner.close())
  const dataDir = emptyDirectory(t)
  const first = await startService({ dataDir })
  const { name } = await apiOf(first.url).create({ delaySeconds: 0, target: { url: owner.origin }, retry: { maxAttempts: 1 } })
  await owner.waitForCalls(1)
  const begun = performance.now()
  t.equal(await first.end('SIGTERM'), 0)
  t.ok(performance.now() - begun < 10_000)
  const second = await startService({ dataDir })
  t.teardown(() => second.end('SIGKILL'))
  const schedule = await apiOf(second.url).waitForStatus(name, 'delivered')
  t.match(schedule.attempts, [{ outcome: 'interrupted' }, { outcome: 'delivered' }])
})

await t.test('a connection that is kept alive does not keep the service', async (t) => {
  const service = await startService({ dataDir: emptyDirectory(t) })
  const agent = new Agent({ keepAlive: true })
  t.teardown(() => agent.destroy())
  const request = get(`${service.url}/health/live`, { agent })
  const [response] = await once(request, 'response')
  response.resume()
  await once(response, 'end')
  const begun = performance.now()
  t.equal(await service.end('SIGTERM'), 0)
  t.ok(performance.now() - begun < 3000)
})

await t.test('SIGINT ends it as SIGTERM does', async (t) => {
  const service = await startService({ dataDir: emptyDirectory(t) })
  t.equal(await service.end('SIGINT'), 0)
})
