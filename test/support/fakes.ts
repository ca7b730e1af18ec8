import type { DeliveryResult } from '../../src/domain/lifecycle.ts'
import type { Call, Clock, Due, Owner, ScheduleStore, Trigger } from '../../src/domain/ports.ts'
import type { Schedule } from '../../src/domain/schedule.ts'

/** A clock that stands still until it is set; whoever sleeps wakes in the order of time. */
export interface ManualClock extends Clock {
  /** Sets the clock, and resolves when everybody who was due has been woken and has come to rest. */
  set(instant: number): Promise<void>
}

export function makeManualClock(start: number): ManualClock {
  let now = start
  /** What has passed, however often the clock was set back. */
  let passed = 0
  const sleepers = new Set<{ instant: number; passed: number; wake: () => void }>()

  function sleep(instant: number, passed: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    if (now >= instant) return Promise.resolve()
    return new Promise((resolve, reject) => {
      const sleeper = { instant, passed, wake: resolve }
      sleepers.add(sleeper)
      signal?.addEventListener('abort', () => {
        sleepers.delete(sleeper)
        reject(signal.reason)
      })
    })
  }

  return {
    now: () => now,
    sleepUntil: (instant, signal) => sleep(instant, Number.POSITIVE_INFINITY, signal),
    pause: (ms, signal) => sleep(now + ms, passed + ms, signal),
    async set(instant) {
      passed += Math.max(0, instant - now)
      now = instant
      await settle()
      for (;;) {
        const due = [...sleepers]
          .filter((sleeper) => sleeper.instant <= now || sleeper.passed <= passed)
          .toSorted((a, b) => a.instant - b.instant)
        if (due.length === 0) return
        for (const sleeper of due) {
          sleepers.delete(sleeper)
          sleeper.wake()
        }
        await settle()
      }
    },
  }
}

/** Lets everything that does not wait for anybody outside come to rest. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
}

/** A store in memory for tests of use cases; the real ones are tested by the store's contract. */
export interface MemoryStore extends ScheduleStore {
  /** From now on every call fails, until it is set back. */
  broken: boolean
  /** Called before each change, to let something else happen first. */
  beforeReplace: (() => Promise<void>) | undefined
  readonly records: ReadonlyMap<string, Schedule>
}

export function makeMemoryStore(): MemoryStore {
  const records = new Map<string, Schedule>()
  const keyOf = (application: string, name: string): string => `${application}/${name}`
  const isCurrent = ({ application, name, id, version }: Schedule): boolean => {
    const found = records.get(keyOf(application, name))
    return found?.id === id && found.version === version
  }
  const store: MemoryStore = {
    broken: false,
    beforeReplace: undefined,
    records,
    async insert(schedule) {
      work()
      const key = keyOf(schedule.application, schedule.name)
      const existing = records.get(key)
      if (existing !== undefined) return { inserted: false, existing }
      records.set(key, schedule)
      return { inserted: true }
    },
    async get(application, name) {
      work()
      return records.get(keyOf(application, name))
    },
    async replace(previous, next) {
      const first = store.beforeReplace
      store.beforeReplace = undefined
      await first?.()
      work()
      if (!isCurrent(previous)) return false
      records.set(keyOf(next.application, next.name), next)
      return true
    },
    async remove(schedule) {
      work()
      return isCurrent(schedule) && records.delete(keyOf(schedule.application, schedule.name))
    },
    async list() {
      return { items: [...records.values()], next: undefined }
    },
    async due(application, until, limit, after = '') {
      work()
      const all = [...records.values()].flatMap(({ name, id, dueAt, delivery, ...rest }): Due[] => {
        if (rest.application !== application || dueAt === null) return []
        // As a store may that does not move what is claimed.
        const foundAt = delivery?.dueAt ?? dueAt
        return foundAt > until ? [] : [{ application, name, id, dueAt: foundAt, position: `${String(foundAt).padStart(15, '0')}#${name}` }]
      })
      return all
        .filter(({ position }) => position > after)
        .toSorted((a, b) => (a.position < b.position ? -1 : 1))
        .slice(0, limit)
    },
    async counts(application) {
      work()
      const counts: Partial<Record<Schedule['status'], number>> = {}
      for (const schedule of records.values()) {
        if (schedule.application === application) counts[schedule.status] = (counts[schedule.status] ?? 0) + 1
      }
      return counts
    },
    async scan() {
      return { items: [...records.values()], next: undefined }
    },
    async check() {
      work()
    },
  }
  function work(): void {
    if (store.broken) throw new Error('the store is broken')
  }
  return store
}

/** A trigger that remembers what it was asked for. */
export interface RecordingTrigger extends Trigger {
  readonly armed: readonly Schedule[]
  readonly disarmed: readonly Schedule[]
  /** The next arming or disarming fails with this. */
  failWith: Error | undefined
}

export function makeRecordingTrigger(): RecordingTrigger {
  const armed: Schedule[] = []
  const disarmed: Schedule[] = []
  const trigger: RecordingTrigger = {
    armed,
    disarmed,
    failWith: undefined,
    async arm(schedule) {
      fail()
      armed.push(schedule)
    },
    async disarm(schedule) {
      fail()
      disarmed.push(schedule)
    },
  }
  function fail(): void {
    const error = trigger.failWith
    trigger.failWith = undefined
    if (error !== undefined) throw error
  }
  return trigger
}

/** An owner that answers when the test says so. */
export interface ScriptedOwner extends Owner {
  readonly calls: readonly Call[]
  /** Ends the oldest call that is under way. */
  answer(result?: Partial<DeliveryResult>): Promise<void>
}

export function makeScriptedOwner(clock: Clock): ScriptedOwner {
  const calls: Call[] = []
  const waiting: ((result: DeliveryResult) => void)[] = []
  return {
    calls,
    allows: (_application, url) => !url.includes('forbidden'),
    deliver(call) {
      calls.push(call)
      return new Promise((resolve) => waiting.push(resolve))
    },
    async answer(result = {}) {
      waiting.shift()?.({ verdict: 'delivered', startedAt: clock.now(), durationMs: 1, statusCode: 200, ...result })
      await settle()
    },
  }
}
