import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { openEmbeddedStore } from '../../src/adapters/embedded/store.ts'
import { makeSystemClock } from '../../src/adapters/system/clock.ts'
import { exportTo, importFrom } from '../../src/cli/transfer.ts'
import type { Schedule } from '../../src/domain/schedule.ts'
import { openEngineAlone } from '../../src/engines.ts'
import { exportSchedules } from '../../src/usecases/transfer.ts'
import { apiOf } from '../support/api.ts'
import { deploy } from '../support/aws/deployment.ts'
import { runCli } from '../support/cli.ts'
import { emptyDirectory } from '../support/directory.ts'
import { fillWithEverything } from '../support/everything.ts'
import { makeRecordingObserver } from '../support/observer.ts'
import { startOwner } from '../support/owner.ts'
import { newSchedule } from '../support/schedules.ts'
import { startService } from '../support/service.ts'

async function open(directory: string) {
  return openEmbeddedStore(directory, makeSystemClock(), makeRecordingObserver())
}

async function recordsIn(directory: string): Promise<Map<string, Schedule>> {
  const store = await open(directory)
  const records = new Map<string, Schedule>()
  for await (const schedule of exportSchedules(store)) records.set(`${schedule.application}/${schedule.name}`, schedule)
  await store.close()
  return records
}

/** The names of the records that one store has and the other has not, or not as it is there. */
async function differences(one: string, other: string): Promise<string[]> {
  const [ours, theirs] = [await recordsIn(one), await recordsIn(other)]
  const isSame = (name: string): boolean => JSON.stringify(ours.get(name)) === JSON.stringify(theirs.get(name))
  return [...new Set([...ours.keys(), ...theirs.keys()])].filter((name) => !isSame(name))
}

await t.test('everything goes from the embedded engine to AWS and back, equal record by record', async (t) => {
  const [from, back, files] = [emptyDirectory(t), emptyDirectory(t), emptyDirectory(t)]
  const store = await open(from)
  await fillWithEverything(store, 300)
  await store.close()
  const aws = await deploy(t)

  const [first, second] = [join(files, 'first.jsonl'), join(files, 'second.jsonl')]
  t.match(await runCli(['export', first], { DATA_DIR: from }), { code: 0, stderr: '300 schedules exported.' })
  t.match(await runCli(['import', first], aws.env), { code: 0, stderr: '300 schedules imported, 0 were there already, 0 could not' })
  const pending = [...(await recordsIn(from)).values()].filter(({ dueAt }) => dueAt !== null)
  t.equal(aws.scheduler.schedules.size, pending.length, 'each that has a future has its wake-up')
  t.match(
    await runCli(['import', first], aws.env),
    { code: 0, stderr: '0 schedules imported, 300 were there already, 0 could not' },
    'once more',
  )
  t.equal(aws.scheduler.schedules.size, pending.length)

  t.match(await runCli(['export', second], aws.env), { code: 0, stderr: '300 schedules exported.' })
  t.match(await runCli(['import', second], { DATA_DIR: back }), { code: 0, stderr: '300 schedules imported' })
  t.same(await differences(from, back), [])
})

await t.test('through standard output and input; what was taken over is delivered on the instant, under its id', async (t) => {
  const [from, to] = [emptyDirectory(t), emptyDirectory(t)]
  const owner = await startOwner()
  t.teardown(() => owner.close())
  const one = await startService({ dataDir: from })
  const at = new Date(Date.now() + 3000).toISOString()
  const { id } = await apiOf(one.url).create({ name: 'moved', at, target: { url: owner.origin } })
  await one.end('SIGTERM')
  const { stdout } = await runCli(['export'], { DATA_DIR: from })
  t.match(await runCli(['import'], { DATA_DIR: to }, stdout), { code: 0 })
  const two = await startService({ dataDir: to })
  t.teardown(() => two.end('SIGKILL'))
  const [call] = await owner.waitForCalls(1)
  t.equal(call?.headers['webhook-id'], id)
  t.ok((call?.receivedAt ?? 0) >= Date.parse(at))
})

await t.test('what is wrong with a line is told, and keeps no other from being taken over', async (t) => {
  const [from, to] = [emptyDirectory(t), emptyDirectory(t)]
  const store = await open(from)
  await fillWithEverything(store, 6)
  await store.close()
  const lines = (await runCli(['export'], { DATA_DIR: from })).stdout.trimEnd().split('\n')
  const other = lines[1]?.replace(/"id":"[^"]+"/, '"id":"00000000-0000-4000-8000-000000000000"') ?? ''
  const input = [...lines.slice(0, 4), '{"secret', '{"application":"blog"}', other, ...lines.slice(4)].join('\n')
  const { code, stderr } = await runCli(['import'], { DATA_DIR: to }, input)
  t.equal(code, 1)
  t.match(stderr, /line 5: it is not JSON/)
  t.match(stderr, /line 6: it is no schedule: it must have required property/)
  t.match(stderr, /line 7: the schedule \S+ of \S+ is another one here/)
  t.notMatch(stderr, 'secret')
  t.match(stderr, '6 schedules imported, 0 were there already, 3 could not be taken over.')
  t.same(await differences(from, to), [])
})

await t.test('what is no export, is cut off, or would be written over another one, is refused', async (t) => {
  const [directory, dataDir] = [emptyDirectory(t), emptyDirectory(t)]
  const engine = await openEngineAlone({ kind: 'embedded', dataDir })
  t.teardown(() => engine.close())
  const file = join(directory, 'file')
  for (const input of ['', 'text', '{}', '{"format":"punctual-schedules","version":2}']) {
    writeFileSync(file, input)
    await t.rejects(importFrom(file, engine), { name: 'StartRefused', message: /cannot be: it is/ })
  }
  await t.rejects(importFrom(`${file}.none`, engine), { name: 'StartRefused', message: /There is no/ })
  await t.rejects(exportTo(file, engine), { name: 'StartRefused', message: /there already/ })

  await engine.store.insert(newSchedule({ content: { payload: JSON.stringify('a\u2028b\u2029c') } }))
  await engine.store.insert(newSchedule())
  const whole = join(directory, 'whole')
  t.equal(await exportTo(whole, engine), 2)
  t.match(await importFrom(whole, engine), { there: 2, problems: [] }, 'whatever some take for the end of a line')
  const lines = readFileSync(whole, 'utf8').split('\n')
  writeFileSync(file, lines.slice(0, 2).join('\n'))
  t.match(await importFrom(file, engine), { there: 1, problems: [/broken off, or cut/] })
  writeFileSync(file, lines.toSpliced(1, 1).join('\n'))
  t.match(await importFrom(file, engine), { there: 1, problems: [/should be 2 schedules in it, and there are 1/] })
  const zone = lines[1]?.replace('"timeZone":null', '"timeZone":"Mars/Olympus"') ?? ''
  writeFileSync(file, lines.with(1, zone).join('\n'))
  t.match(await importFrom(file, engine), { problems: [/its timeZone is none/] })
  t.match(await runCli(['export'], { DATA_DIR: `${dataDir}.mistyped` }), { code: 1, stderr: /no store in/ })
})
