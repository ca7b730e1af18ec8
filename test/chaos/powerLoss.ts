import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { storeFile } from '../../src/adapters/embedded/database.ts'
import { makeRandom, type Random } from '../simulation/random.ts'
import { emptyDirectory, type Scope } from '../support/directory.ts'
import type { Proof } from '../support/proof.ts'
import { startService } from '../support/service.ts'
import { brokenOf, makeClient, type Promised } from './promised.ts'
import { snapshotOf } from './snapshot.ts'
import { readSyscalls, recordAll, type Syscall, storeFiles, strace } from './strace.ts'

const seed = 20_261_124
const callers = 8
const sectorBytes = 512

/**
 * The power fails at a random moment: what was written and not synced is there, or not, or in part, and in any order.
 * Everything that was promised by then has to be there at the next start.
 */
export async function powerLoss(scope: Scope, isShort: boolean): Promise<Proof> {
  const random = makeRandom(seed)
  const { syscalls, promised, indexes } = await recordLoad(scope, random, isShort ? 3000 : 12_000)
  const directory = join(emptyDirectory(scope), 'after')
  const [first, last] = [promised[0]?.toldAt ?? 0, promised.at(-1)?.toldAt ?? 0]
  const violations: string[] = []
  const losses = isShort ? 40 : 300
  let unsynced = 0
  for (let loss = 0; loss < losses; loss++) {
    const moment = first + random.next() * (last - first)
    unsynced += leaveWhatIsThere(directory, syscalls, moment, random)
    const then = indexes.filter(({ at }) => at <= moment)
    if (then.length > 0 && random.chance(0.7)) writeFileSync(join(directory, `${storeFile}-shm`), random.pick(then).bytes)
    try {
      const { records } = await snapshotOf(directory)
      violations.push(...brokenOf(promised, records, moment).map((what) => `loss ${loss}: ${what}`))
    } catch (error) {
      violations.push(`loss ${loss}: the next start is refused: ${String(error)}`)
    }
  }
  return {
    figures: [
      `${promised.length} promises, ${syscalls.length} writes and syncs recorded`,
      `${losses} power losses, with ${(unsynced / losses).toFixed(1)} unsynced writes each, dropped, torn or kept`,
    ],
    violations: unsynced === 0 ? ['nothing was ever unsynced'] : violations,
  }
}

/** The wal-index is shared memory, which the kernel writes out whenever it likes. */
interface IndexThen {
  readonly at: number
  readonly bytes: Buffer
}

interface Load {
  readonly syscalls: readonly Syscall[]
  readonly promised: readonly Promised[]
  readonly indexes: readonly IndexThen[]
}

const indexEveryMs = 20

async function recordLoad(scope: Scope, random: Random, ms: number): Promise<Load> {
  const directory = emptyDirectory(scope)
  const dataDir = join(directory, 'data')
  const record = join(directory, 'record')
  const service = await startService({ dataDir, env: { LOG_LEVEL: 'warn' }, under: strace(dataDir, ...recordAll(record)) })
  scope.teardown(() => service.end('SIGKILL'))
  const client = makeClient(service.url, random)
  const until = Date.now() + ms
  const call = async (): Promise<void> => {
    while (Date.now() < until) await client.goOn()
  }
  const indexes: IndexThen[] = []
  const sampling = setInterval(() => {
    indexes.push({ bytes: readFileSync(join(dataDir, `${storeFile}-shm`)), at: performance.timeOrigin + performance.now() })
  }, indexEveryMs)
  await Promise.all(Array.from({ length: callers }, call))
  clearInterval(sampling)
  await service.end('SIGKILL')
  return { syscalls: await readSyscalls(record, service.pid), promised: client.promised, indexes }
}

/** Makes the files as the disk has them. Answers how many writes were not synced. */
function leaveWhatIsThere(directory: string, syscalls: readonly Syscall[], moment: number, random: Random): number {
  rmSync(directory, { recursive: true, force: true })
  mkdirSync(directory)
  let unsynced = 0
  for (const name of storeFiles) {
    const own = syscalls.filter(({ file, at }) => file === name && at <= moment)
    const synced = own.findLastIndex((syscall) => syscall.kind === 'sync' && syscall.doneAt <= moment)
    const file = new Disk()
    own.forEach((syscall, index) => {
      if (index < synced) return file.apply(syscall)
      if (syscall.kind === 'sync') return
      unsynced++
      file.applyPerhaps(syscall, random)
    })
    writeFileSync(join(directory, name), file.content())
  }
  return unsynced
}

/** A file on a disk, sector by sector. */
class Disk {
  #room = Buffer.alloc(1024 * 1024)
  #length = 0

  apply(syscall: Syscall): void {
    if (syscall.kind === 'write') this.#write(syscall.offset, syscall.bytes)
    if (syscall.kind === 'truncate') this.#resize(syscall.length)
  }

  applyPerhaps(syscall: Syscall, random: Random): void {
    const fate = random.pick(['kept', 'dropped', 'torn'] as const)
    if (fate === 'kept') this.apply(syscall)
    if (fate !== 'torn' || syscall.kind !== 'write') return
    const { offset, bytes } = syscall
    for (let begin = offset; begin < offset + bytes.length; ) {
      const end = Math.min(begin - (begin % sectorBytes) + sectorBytes, offset + bytes.length)
      if (random.chance(0.5)) this.#write(begin, bytes.subarray(begin - offset, end - offset))
      begin = end
    }
  }

  content(): Buffer {
    return this.#room.subarray(0, this.#length)
  }

  #write(offset: number, bytes: Buffer): void {
    this.#resize(Math.max(this.#length, offset + bytes.length))
    bytes.copy(this.#room, offset)
  }

  #resize(length: number): void {
    if (length > this.#room.length) this.#room = Buffer.concat([this.#room, Buffer.alloc(length)])
    // What is cut off, and what lies between the end and a later write, is zero.
    this.#room.fill(0, Math.min(length, this.#length), Math.max(length, this.#length))
    this.#length = length
  }
}
