import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError, StartRefused } from '../../src/domain/errors.ts'
import { makeRandom, type Random } from '../simulation/random.ts'
import { apiOf } from '../support/api.ts'
import { emptyDirectory, type Scope } from '../support/directory.ts'
import type { Proof } from '../support/proof.ts'
import { startService } from '../support/service.ts'
import { snapshotOf } from './snapshot.ts'

const seed = 20_261_124

/** Longer than it takes until an idle store has been copied from its log into its file. */
const idleMs = 3000

/** What a killed service left behind is damaged in one place: it is refused, or told of, or it does not matter. */
export async function damage(scope: Scope, isShort: boolean): Promise<Proof> {
  const directory = emptyDirectory(scope)
  const left = join(directory, 'left')
  const tried = join(directory, 'tried')
  await leaveStore(left)
  copyAll(left, tried)
  const truth = (await snapshotOf(tried)).text
  const random = makeRandom(seed)
  const outcomes = new Map<string, number>()
  const violations: string[] = []
  for (let trial = 0; trial < (isShort ? 40 : 600); trial++) {
    copyAll(left, tried)
    const what = spoil(tried, random)
    const outcome = await outcomeOf(tried, truth)
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
    if (outcome === 'silent' || outcome === 'broken off') violations.push(`${what}: ${outcome}`)
  }
  return { figures: [[...outcomes].map(([outcome, count]) => `${count} ${outcome}`).join(', ')], violations }
}

/** Half of it in the file, half in the log. */
async function leaveStore(dataDir: string): Promise<void> {
  const service = await startService({ dataDir, env: { LOG_LEVEL: 'warn' } })
  const api = apiOf(service.url)
  const create = (name: string): Promise<unknown> =>
    api.create({ name, delaySeconds: 3600, target: { url: 'http://127.0.0.1:1/' }, payload: { text: 'x'.repeat(300) } })
  for (let index = 0; index < 150; index++) await create(`filed-${index}`)
  await sleep(idleMs)
  for (let index = 0; index < 50; index++) await create(`logged-${index}`)
  for (let index = 0; index < 20; index++) await api.cancel(`filed-${index}`)
  await service.end('SIGKILL')
}

function copyAll(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true })
  mkdirSync(to)
  for (const file of readdirSync(from)) copyFileSync(join(from, file), join(to, file))
}

const kinds = ['a flipped bit', 'a flipped bit', 'a flipped bit', 'a lost sector', 'the rest cut off'] as const
const sectorBytes = 512

function spoil(directory: string, random: Random): string {
  const name = random.pick(['punctual.db', 'punctual.db', 'punctual.db-wal', 'punctual.db-wal', 'punctual.db-shm'])
  const file = join(directory, name)
  const bytes = readFileSync(file)
  const offset = random.between(0, bytes.length)
  const kind = random.pick(kinds)
  if (kind === 'a flipped bit') bytes.writeUInt8(bytes.readUInt8(offset) ^ (1 << random.between(0, 8)), offset)
  if (kind === 'a lost sector') bytes.fill(0, offset - (offset % sectorBytes), offset - (offset % sectorBytes) + sectorBytes)
  writeFileSync(file, kind === 'the rest cut off' ? bytes.subarray(0, offset) : bytes)
  return `${kind} at ${offset} of ${name}`
}

async function outcomeOf(directory: string, truth: string): Promise<string> {
  try {
    return (await snapshotOf(directory)).text === truth ? 'without effect' : 'silent'
  } catch (error) {
    if (error instanceof StartRefused) return 'refused at start'
    return error instanceof AppError && error.code === 'unavailable' ? 'refused when read' : 'broken off'
  }
}
