import { globSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { emptyDirectory, type Scope } from './directory.ts'

/** From this moment by this process's clock on, the other clock is so many milliseconds ahead of it. */
export interface Era {
  readonly from: number
  /** Until then the clock may have shown what it did before. */
  readonly settledAt: number
  readonly aheadMs: number
}

/** The wall clock of other processes, which can be set; what measures durations there goes on as it does. */
export interface SteppedClock {
  /** Given to a process, it lives by this clock. */
  readonly env: Readonly<Record<string, string>>
  now(): number
  /** Sets the clock forward, or back, in whole milliseconds. */
  stepBy(ms: number): void
  /** What has become of it so far, from the beginning on. */
  readonly eras: readonly Era[]
}

/** Where the package has put it; undefined where it is not installed. For processes of several threads. */
export function findLibrary(): string | undefined {
  return globSync(['/usr/lib/*/faketime/libfaketimeMT.so.1', '/usr/lib{,64}/faketime/libfaketimeMT.so.1'])[0]
}

/** A clock that shows this process's time until it is set. */
export function makeSteppedClock(t: Scope): SteppedClock {
  const library = findLibrary()
  if (library === undefined) throw new Error('libfaketime is missing: apt-get install faketime')
  const file = join(emptyDirectory(t), 'offset')
  const eras: Era[] = []
  let aheadMs = 0

  /** Read anew at every look at the clock, so it is never there in half. */
  function set(): void {
    writeFileSync(`${file}.next`, `${aheadMs < 0 ? '-' : '+'}${(Math.abs(aheadMs) / 1000).toFixed(3)}`)
    const from = Date.now()
    renameSync(`${file}.next`, file)
    eras.push({ from, settledAt: Date.now() + 1, aheadMs })
  }

  set()
  t.teardown(removeSharedMemory)
  return {
    eras,
    now: () => Date.now() + aheadMs,
    stepBy(ms) {
      aheadMs += ms
      set()
    },
    env: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      NO_FAKE_STAT: '1',
    },
  }
}

/** Processes that were killed leave theirs behind. */
function removeSharedMemory(): void {
  for (const file of globSync('/dev/shm/{faketime_shm_,sem.faketime_sem_}*')) {
    if (!isAlive(Number(file.split('_').at(-1)))) rmSync(file, { force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
