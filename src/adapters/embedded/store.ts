import { join } from 'node:path'
import { AppError, invalid } from '../../domain/errors.ts'
import type { Clock, Counts, Observer, ScheduleStore, Timeline } from '../../domain/ports.ts'
import type { Schedule, Status } from '../../domain/schedule.ts'
import { lastInstant } from '../../domain/time.ts'
import { type Checking, startChecking } from './checking.ts'
import { storeFile } from './database.ts'
import { makeDataDirectory } from './dataDirectory.ts'
import { isLarge } from './integrity.ts'
import { type NewRow, readingOperations, type WritingOperations } from './operations.ts'
import type { ReadingOperations } from './readingThread.ts'
import { fromRow, type Row, statesOf, statusOf, toContentValues, toMovingValues, unfinishedStates } from './rows.ts'
import { startThread } from './thread.ts'

/** How often the write-ahead log is looked after, and finished records are looked for. */
const checkpointEveryMs = 250
const pruneEveryMs = 60_000
const verifyEveryMs = 24 * 3600_000

/** Finished records are removed so many at a time, so that nobody waits long behind them. */
const pruneBatch = 500

/** Whoever takes everything elsewhere gets so many at a time. */
const scanRows = 1000

/** From this many pages of 4 KiB on (64 MiB) the writing thread itself sees to it that the log starts anew. */
const longLogPages = 16_384

export interface EmbeddedStore extends ScheduleStore, Timeline {
  /** The first `dueAt` of the application later than `after`. */
  nextDueAt(application: string, after: number): Promise<number | undefined>
  /** Copies the write-ahead log into the database if that is worthwhile; done regularly by itself. */
  checkpoint(): Promise<void>
  /** Removes the finished records whose time has come, and answers how many; done regularly by itself. */
  prune(): Promise<number>
  close(): Promise<void>
}

/**
 * The embedded store: SQLite in `directory`, in threads of its own.
 *
 * Two processes may share the directory: every change is conditional on what was read.
 *
 * @throws StartRefused where the directory or the file in it cannot be used
 */
export async function openEmbeddedStore(directory: string, clock: Clock, observer: Observer): Promise<EmbeddedStore> {
  makeDataDirectory(directory)
  const file = join(directory, storeFile)
  // One after the other: the first one makes or migrates the file.
  const writing = await startThread<WritingOperations>(new URL('./writingThread.ts', import.meta.url), file, (names, waitedMs, tookMs) => {
    if (names.some((name) => !readingOperations.has(name))) observer.committed(waitedMs, tookMs)
  })
  const reading = await startThread<ReadingOperations>(new URL('./readingThread.ts', import.meta.url), file)

  async function checkpoint(): Promise<void> {
    if ((await reading.call('checkpoint')) >= longLogPages) await writing.call('restartLog')
  }

  async function prune(): Promise<number> {
    let removed = 0
    for (;;) {
      const count = await writing.call('prune', clock.now(), pruneBatch)
      removed += count
      if (count < pruneBatch) return removed
    }
  }

  /** From then on the service is not ready, and says why. */
  let damage: AppError | undefined
  let checking: Checking | undefined

  async function verify(): Promise<void> {
    checking = startChecking(file)
    const finding = await checking.finding
    if (finding === undefined) return
    const cause = new Error(`${file} is damaged (${finding}): restore a backup`)
    damage = damaged(cause)
    observer.failed('the store is damaged', cause)
  }

  function read(row: Row): Schedule {
    try {
      return fromRow(row)
    } catch (cause) {
      damage ??= damaged(cause)
      throw damaged(cause)
    }
  }

  const verifyAndTell = (): Promise<void> =>
    verify().catch((error: unknown) => observer.failed('the store could not be checked for damage', error))

  // What is small has been looked through before it was opened.
  if (isLarge(file)) void verifyAndTell()

  const maintenance = [
    every(verifyEveryMs, verifyAndTell, () => undefined),
    every(checkpointEveryMs, checkpoint, (error) => observer.failed('a checkpoint failed', error)),
    every(pruneEveryMs, prune, (error) => observer.failed('finished schedules could not be removed', error)),
  ]

  return {
    async insert(schedule) {
      const existing = await writing.call(
        'insert',
        schedule.application,
        schedule.name,
        toMovingValues(schedule),
        toContentValues(schedule.content),
      )
      return existing === undefined ? { inserted: true } : { inserted: false, existing: read(existing) }
    },

    insertTogether(application, schedules) {
      const rows = schedules.map((schedule): NewRow => [schedule.name, toMovingValues(schedule), toContentValues(schedule.content)])
      return writing.call('insertTogether', application, rows)
    },

    async get(application, name) {
      const row = await writing.call('get', application, name)
      return row === undefined ? undefined : read(row)
    },

    replace(previous, next) {
      const content = next.content === previous.content ? null : toContentValues(next.content)
      return writing.call('replace', next.application, next.name, previous.id, previous.version, toMovingValues(next), content)
    },

    remove: ({ application, name, id, version }) => writing.call('remove', application, name, id, version),

    async list({ application, status, from = 0, to = lastInstant + 1, namePrefix, limit, after }) {
      if (namePrefix !== undefined) {
        const page = await reading.call('listNames', { application, prefix: namePrefix, after: parseName(after, namePrefix), limit })
        const items = page.rows.map(read).filter((schedule) => schedule.at >= from && schedule.at < to)
        return {
          items: status === undefined ? items : items.filter((schedule) => schedule.status === status),
          next: page.next && nameMark + page.next,
        }
      }
      const { at: afterAt, seq: afterSeq } = parsePosition(after)
      const states = status === undefined ? Object.values(statesOf).flat() : statesOf[status]
      const page = await reading.call('list', { application, states, from, to, limit, afterAt, afterSeq })
      return { items: page.rows.map(read), next: page.next === undefined ? undefined : formatPosition(page.next) }
    },

    async due(application, until, limit, after) {
      const { at: afterAt, seq: afterSeq } = parsePosition(after)
      const rows = await writing.call('due', application, until, limit, afterAt, afterSeq)
      return rows.map((row) => ({
        application,
        name: row.name,
        id: row.id,
        dueAt: row.moment,
        position: formatPosition({ at: row.moment, seq: row.seq }),
        // Made of the row only for whoever wants it: most of those who look have it in hand already.
        get record() {
          return row.is_large === 1 ? undefined : readIfSound(row)
        },
      }))
    },

    async nextDueAt(application, after) {
      return (await writing.call('nextDueAt', application, after)) ?? undefined
    },

    async counts(application) {
      const counts: Partial<Record<Status, number>> = {}
      for (const { state, count } of await writing.call('counts', application)) {
        const status = statusOf.get(state)
        if (status !== undefined) counts[status] = (counts[status] ?? 0) + count
      }
      return counts satisfies Counts
    },

    async timeline({ application, statuses, edges, countedUpTo }) {
      const states = statuses.map((status) => (status === 'scheduled' ? unfinishedStates : statesOf[status]))
      const counted = await reading.call('timeline', { application, states, edges, countedUpTo })
      return counted.map((counts): Counts => Object.fromEntries(statuses.map((status, index) => [status, counts[index] ?? 0])))
    },

    async scan(after) {
      const page = await reading.call('scan', Number(after ?? -1), scanRows)
      return { items: page.rows.map(read), next: page.next === undefined ? undefined : String(page.next) }
    },

    async check() {
      if (damage !== undefined) throw damage
      await Promise.all([
        writing.call('check'),
        reading.call('list', { application: '', states: [], from: 0, to: 0, limit: 1, afterAt: -1, afterSeq: 0 }),
      ])
    },

    checkpoint,
    prune,

    async close() {
      checking?.end()
      await Promise.all(maintenance.map((stop) => stop()))
      await reading.close()
      await writing.close()
    },
  }
}

function damaged(cause: unknown): AppError {
  return new AppError('unavailable', 'The store is damaged. Whoever runs the service has to restore a backup.', { cause })
}

/** What is wrong with one record is told to whoever asks for that one. */
function readIfSound(row: Row): Schedule | undefined {
  try {
    return fromRow(row)
  } catch {
    return undefined
  }
}

/** Where a page ended: the moment, and among those of one moment the order of creation. */
interface Position {
  readonly at: number
  readonly seq: number
}

function formatPosition({ at, seq }: Position): string {
  return `${at}.${seq}`
}

function parsePosition(text: string | undefined): Position {
  if (text === undefined) return { at: -1, seq: 0 }
  const [at, seq] = (/^(\d{1,15})\.(\d{1,15})$/.exec(text) ?? []).slice(1).map(Number)
  if (at === undefined || seq === undefined) throw invalid('/cursor', 'is none that a page has given')
  return { at, seq }
}

/** Where a page of names ended. The mark tells it from the position of a list by time. */
const nameMark = 'name:'

function parseName(text: string | undefined, prefix: string): string {
  if (text === undefined) return ''
  if (!text.startsWith(nameMark + prefix)) throw invalid('/cursor', 'is none that a page of names has given')
  return text.slice(nameMark.length)
}

/** Does some work again and again, never twice at once; the function it returns ends that. */
function every(intervalMs: number, work: () => Promise<unknown>, onError: (error: unknown) => void): () => Promise<void> {
  let running: Promise<void> | undefined
  const timer = setInterval(() => {
    running ??= work()
      .then(() => undefined, onError)
      .finally(() => {
        running = undefined
      })
  }, intervalMs)
  timer.unref()
  return async () => {
    clearInterval(timer)
    await running
  }
}
