// npm run bench:move [-- COUNT]: every schedule from the embedded engine to AWS (on stand-ins) and back, record by record.
import { join } from 'node:path'
import { openEmbeddedStore } from '../../src/adapters/embedded/store.ts'
import { makeSystemClock } from '../../src/adapters/system/clock.ts'
import { exportSchedules } from '../../src/usecases/transfer.ts'
import { deploy } from '../support/aws/deployment.ts'
import { runCli } from '../support/cli.ts'
import { emptyDirectory } from '../support/directory.ts'
import { fillWithEverything } from '../support/everything.ts'
import { makeRecordingObserver } from '../support/observer.ts'

const count = Number(process.argv[2] ?? 100_000)

const endings: (() => unknown)[] = []
const scope = { teardown: (work: () => unknown) => endings.unshift(work) }

const open = (directory: string) => openEmbeddedStore(directory, makeSystemClock(), makeRecordingObserver())

/** The records of a store as text, by application and name. */
async function recordsIn(directory: string): Promise<Map<string, string>> {
  const store = await open(directory)
  const records = new Map<string, string>()
  for await (const schedule of exportSchedules(store)) records.set(`${schedule.application}/${schedule.name}`, JSON.stringify(schedule))
  await store.close()
  return records
}

async function step(title: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<void> {
  const begun = performance.now()
  const { code, stderr } = await runCli(args, env)
  const seconds = (performance.now() - begun) / 1000
  if (code !== 0) throw new Error(stderr)
  process.stdout.write(`  ${title.padEnd(32)} ${seconds.toFixed(1).padStart(6)} s   ${stderr.trim().split('\n').at(-1)}\n`)
}

try {
  const [from, back, files] = [emptyDirectory(scope), emptyDirectory(scope), emptyDirectory(scope)]
  const store = await open(from)
  await fillWithEverything(store, count)
  await store.close()
  const { env, scheduler } = await deploy(scope)
  process.stdout.write(`${count.toLocaleString('en')} schedules in every status\n`)
  const [first, second] = [join(files, 'first.jsonl'), join(files, 'second.jsonl')]
  await step('export from the embedded engine', ['export', first], { DATA_DIR: from })
  await step('import to AWS', ['import', first], env)
  process.stdout.write(`  ${scheduler.schedules.size} of them have a future, and their EventBridge schedule\n`)
  await step('export from AWS', ['export', second], env)
  await step('import to the embedded engine', ['import', second], { DATA_DIR: back })
  const [before, after] = [await recordsIn(from), await recordsIn(back)]
  const different = [...before].filter(([name, record]) => after.get(name) !== record).length
  process.stdout.write(`  ${before.size} records before, ${after.size} after, ${different} different\n`)
  if (before.size !== count || after.size !== count || different > 0) process.exitCode = 1
} finally {
  for (const end of endings) await end()
}
process.exit()
