import { join } from 'node:path'
import t from 'tap'
import { apiOf } from '../support/api.ts'
import { writeApplications } from '../support/applications.ts'
import { emptyDirectory } from '../support/directory.ts'
import { startOwner } from '../support/owner.ts'
import { startService } from '../support/service.ts'

await t.test('two processes on one directory deliver everything once', async (t) => {
  const owner = await startOwner()
  t.teardown(() => owner.close())
  const dataDir = emptyDirectory(t)
  const [one, two] = [await startService({ dataDir }), await startService({ dataDir })]
  t.teardown(() => Promise.all([one.end('SIGKILL'), two.end('SIGKILL')]))
  const at = new Date(Date.now() + 2500).toISOString()
  const [first, second] = [apiOf(one.url), apiOf(two.url)]
  const created = await Promise.all(
    Array.from({ length: 200 }, (_, index) =>
      (index % 2 ? first : second).create({ name: `both-${index}`, at, target: { url: owner.origin } }),
    ),
  )
  await owner.waitForCalls(200)
  for (const schedule of created) await first.waitForStatus(schedule.name, 'delivered')
  t.equal(owner.calls.length, 200)
  t.equal(new Set(owner.calls.map(({ headers }) => headers['webhook-id'])).size, 200)
})

await t.test('what a dead process leaves is seen to by the other one', async (t) => {
  const owner = await startOwner()
  t.teardown(() => owner.close())
  const dataDir = emptyDirectory(t)
  const [one, two] = [await startService({ dataDir }), await startService({ dataDir })]
  t.teardown(() => two.end('SIGKILL'))
  const { at } = await apiOf(one.url).create({ delaySeconds: 1, target: { url: owner.origin } })
  await one.end('SIGKILL')
  const [call] = await owner.waitForCalls(1)
  t.ok((call?.receivedAt ?? 0) >= Date.parse(at))
})

await t.test("an owner that hangs, with thousands overdue, leaves another owner's lateness as it is", { timeout: 60_000 }, async (t) => {
  const [hanging, well] = [await startOwner(() => undefined), await startOwner()]
  t.teardown(() => Promise.all([hanging.close(), well.close()]))
  const directory = emptyDirectory(t)
  const file = join(directory, 'applications.json')
  writeApplications(file, { hanging: { key: 'h', origin: hanging.origin }, well: { key: 'w', origin: well.origin } })
  const service = await startService({ dataDir: join(directory, 'data'), env: { APPLICATIONS_FILE: file, LOG_LEVEL: 'warn' } })
  t.teardown(() => service.end('SIGKILL'))
  const overdue = apiOf(service.url, 'h')
  const soon = new Date(Date.now() + 100).toISOString()
  for (let batch = 0; batch < 20; batch++) {
    await Promise.all(
      Array.from({ length: 100 }, (_, index) => overdue.create({ name: `h-${batch}-${index}`, at: soon, target: { url: hanging.origin } })),
    )
  }
  await hanging.waitForCalls(64)
  const punctual = apiOf(service.url, 'w')
  const start = Date.now() + 1000
  await Promise.all(
    Array.from({ length: 100 }, (_, index) =>
      punctual.create({ at: new Date(start + index * 10).toISOString(), target: { url: well.origin } }),
    ),
  )
  const calls = await well.waitForCalls(100)
  const late = calls.map(({ receivedAt, headers }) => receivedAt - Date.parse(headers['schedule-due-at'] ?? '')).toSorted((a, b) => a - b)
  t.ok((late[50] ?? 0) < 50, `median ${late[50]} ms`)
  t.ok((late[99] ?? 0) < 500, `at most ${late[99]} ms`)
  t.equal(hanging.calls.length, 64, 'no more than its places')
})
