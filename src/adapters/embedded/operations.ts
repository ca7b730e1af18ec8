import type { DatabaseSync } from 'node:sqlite'
import { busyTimeoutMs, states } from './database.ts'
import {
  type ContentValues,
  checksumOfContent,
  checksumOfMoving,
  contentColumns,
  type MovingValues,
  movingColumns,
  type Row,
} from './rows.ts'

export type NewRow = readonly [name: string, moving: MovingValues, content: ContentValues]

export interface DueRow extends Row {
  readonly seq: number
  /** Where it stands in the index: a lease's end, for one. */
  readonly moment: number
  /** 1: what may be long of it was left out. Null where its content is missing. */
  readonly is_large: number | null
}

/** What may be long of a record. */
const longColumns = ['headers', 'attempts', 'payload'] as const

/** A record that is up to so long in that is read along with its entry in the due index. */
const readAlongBytes = 4096
const isLarge = `(octet_length(headers) + octet_length(attempts) + coalesce(octet_length(payload), 0)) > ${readAlongBytes}`
const longUnlessLarge = longColumns.map((column) => `CASE WHEN ${isLarge} THEN NULL ELSE ${column} END AS ${column}`).join(', ')

const shortColumns = `
  application.name AS application, schedule.name AS name, schedule.id AS id, version, state, schedule.at AS at, time_zone, expires_at, due_at, arming, request_digest,
  delivery, attempt_count, tries, created_at, updated_at, finished_at, remove_at, url, method, retry, traceparent, checksum, content_checksum`

/** Everything of a record, of which `fromRow` makes a schedule. */
export const record = `${shortColumns}, ${longColumns.join(', ')}`

function places(columns: readonly string[]): string {
  return columns.map(() => '?').join(', ')
}

function assignments(columns: readonly string[]): string {
  return columns.map((column) => `${column} = ?`).join(', ')
}

/** The statements of the writing thread, prepared once. Each entry is one operation; several share a transaction. */
export function prepareWriting(database: DatabaseSync) {
  const addApplication = database.prepare('INSERT INTO application (name) VALUES (?)')
  const findApplication = database.prepare('SELECT id FROM application WHERE name = ?')
  const addSchedule = database.prepare(`
    INSERT INTO schedule (application, name, ${movingColumns.join(', ')})
    VALUES (?, ?, ${places(movingColumns)}) ON CONFLICT (application, name) DO NOTHING`)
  const addContent = database.prepare(`INSERT INTO content (seq, ${contentColumns.join(', ')}) VALUES (?, ${places(contentColumns)})`)
  const find = database.prepare(`
    SELECT ${record} FROM schedule JOIN application ON application.id = schedule.application JOIN content USING (seq)
    WHERE schedule.application = ? AND schedule.name = ?`)
  const change = database.prepare(`
    UPDATE schedule SET ${assignments(movingColumns)} WHERE application = ? AND name = ? AND id = ? AND version = ?`)
  const changeContent = database.prepare(`
    UPDATE content SET ${assignments(contentColumns)} WHERE seq = (SELECT seq FROM schedule WHERE application = ? AND name = ?)`)
  const removeContent = database.prepare(`
    DELETE FROM content WHERE seq = (SELECT seq FROM schedule WHERE application = ? AND name = ? AND id = ? AND version = ?)`)
  const removeSchedule = database.prepare('DELETE FROM schedule WHERE application = ? AND name = ? AND id = ? AND version = ?')
  // The two halves of what has a future, each in the order of an index: first attempts, and all that is due at another time.
  const due = database.prepare(`
    SELECT seq, moment, ${shortColumns}, ${isLarge} AS is_large, ${longUnlessLarge}
    FROM (
      SELECT * FROM (SELECT at AS moment, seq FROM schedule
        WHERE application = ?1 AND state = ${states.waiting} AND at <= ?2 AND (at, seq) > (?4, ?5) ORDER BY at, seq LIMIT ?3)
      UNION ALL
      SELECT * FROM (SELECT due_at AS moment, seq FROM schedule
        WHERE application = ?1 AND state IN (1, 2) AND due_at <= ?2 AND (due_at, seq) > (?4, ?5) ORDER BY due_at, seq LIMIT ?3)
      ORDER BY moment, seq LIMIT ?3)
    JOIN schedule USING (seq) JOIN application ON application.id = schedule.application LEFT JOIN content USING (seq)
    ORDER BY moment, seq`)
  const nextDue = database.prepare(`
    SELECT min(due_at) AS due_at FROM (
      SELECT * FROM (SELECT at AS due_at FROM schedule WHERE application = ?1 AND state = ${states.waiting} AND at > ?2 ORDER BY at LIMIT 1)
      UNION ALL
      SELECT * FROM (SELECT due_at FROM schedule WHERE application = ?1 AND state IN (1, 2) AND due_at > ?2 ORDER BY due_at LIMIT 1))`)
  const pruneContent = database.prepare(
    'DELETE FROM content WHERE seq IN (SELECT seq FROM schedule WHERE remove_at <= ? ORDER BY remove_at LIMIT ?)',
  )
  const pruneSchedules = database.prepare(
    'DELETE FROM schedule WHERE seq IN (SELECT seq FROM schedule WHERE remove_at <= ? ORDER BY remove_at LIMIT ?)',
  )
  const counts = database.prepare('SELECT state, count FROM tally WHERE application = ?')
  const restart = database.prepare('PRAGMA wal_checkpoint(RESTART)')
  const probe = database.prepare('UPDATE probe SET count = count + 1')

  function applicationId(name: string): number | undefined {
    return (findApplication.get(name) as { id: number } | undefined)?.id
  }

  function read(application: string, name: string): Row | undefined {
    const id = applicationId(application)
    return id === undefined ? undefined : (find.get(id, name) as Row | undefined)
  }

  return {
    /** Answers with the row that has the name already, if there is one. */
    insert(application: string, name: string, moving: MovingValues, content: ContentValues): Row | undefined {
      const key = applicationId(application) ?? addApplication.run(application).lastInsertRowid
      const { changes, lastInsertRowid } = addSchedule.run(key, name, ...moving, checksumOfMoving(application, name, moving))
      if (changes === 0) {
        const existing = read(application, name)
        if (existing === undefined) throw new Error(`the store has a schedule ${name} without its content`)
        return existing
      }
      addContent.run(lastInsertRowid, ...content, checksumOfContent(content))
      return undefined
    },

    /** Answers for each whether its name was free. */
    insertTogether(application: string, rows: readonly NewRow[]): boolean[] {
      const key = applicationId(application) ?? addApplication.run(application).lastInsertRowid
      return rows.map(([name, moving, content]) => {
        const { changes, lastInsertRowid } = addSchedule.run(key, name, ...moving, checksumOfMoving(application, name, moving))
        if (changes === 0) return false
        addContent.run(lastInsertRowid, ...content, checksumOfContent(content))
        return true
      })
    },

    get: read,

    /** @param content null where it stays as it is */
    replace(application: string, name: string, id: string, version: number, moving: MovingValues, content: ContentValues | null): boolean {
      const key = applicationId(application) ?? null
      const checksum = checksumOfMoving(application, name, moving)
      if (change.run(...moving, checksum, key, name, id, version).changes === 0) return false
      if (content !== null) changeContent.run(...content, checksumOfContent(content), key, name)
      return true
    },

    remove(application: string, name: string, id: string, version: number): boolean {
      const key = applicationId(application) ?? null
      removeContent.run(key, name, id, version)
      return removeSchedule.run(key, name, id, version).changes > 0
    },

    due(application: string, until: number, limit: number, afterAt: number, afterSeq: number): DueRow[] {
      const id = applicationId(application)
      return id === undefined ? [] : (due.all(id, until, limit, afterAt, afterSeq) as unknown as DueRow[])
    },

    nextDueAt(application: string, after: number): number | null {
      const id = applicationId(application)
      return id === undefined ? null : ((nextDue.get(id, after) as { due_at: number | null } | undefined)?.due_at ?? null)
    },

    counts(application: string): { state: number; count: number }[] {
      const id = applicationId(application)
      return id === undefined ? [] : (counts.all(id) as { state: number; count: number }[])
    },

    /** Removes finished records whose time has come, and answers how many. */
    prune(now: number, limit: number): number {
      pruneContent.run(now, limit)
      return Number(pruneSchedules.run(now, limit).changes)
    },

    /** Has the next commit write to the beginning of the log again. Short, when most of it has been copied before. */
    restartLog(): void {
      // Somebody who is reading the file from outside may keep this from happening; deliveries must not wait for that.
      database.exec('PRAGMA busy_timeout = 0')
      try {
        restart.get()
      } finally {
        database.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`)
      }
    },

    /** Proves that something can be written and committed. */
    check(): void {
      probe.run()
    },
  }
}

export type WritingOperations = ReturnType<typeof prepareWriting>

/** These change no record, and are done outside of a transaction: a checkpoint has to be. */
export const readingOperations: ReadonlySet<string> = new Set<keyof WritingOperations>(['get', 'due', 'nextDueAt', 'counts', 'restartLog'])

/** A page is cut off at about this size, so that a thousand large schedules do not become one answer. */
const pageBytes = 2 * 1024 * 1024

export interface ListQueryRow {
  readonly application: string
  readonly states: readonly number[]
  readonly from: number
  readonly to: number
  readonly limit: number
  readonly afterAt: number
  readonly afterSeq: number
}

export interface NamesQueryRow {
  readonly application: string
  readonly prefix: string
  readonly after: string
  readonly limit: number
}

export interface TimelineQueryRow {
  readonly application: string
  /** Of each status. */
  readonly states: readonly (readonly number[])[]
  readonly edges: readonly number[]
  readonly countedUpTo: number
}

/** The statements of the reading thread. */
export function prepareReading(database: DatabaseSync) {
  const listed = Object.values(states).map(
    (state) => `
      SELECT * FROM (SELECT seq, at FROM schedule WHERE application = :application AND state = ${state} AND :state${state}
        AND (at, seq) > (:afterAt, :afterSeq) AND at < :to ORDER BY at, seq LIMIT :limit)`,
  )
  // The states' entries are in order each: merging them reads a page of each at most, whatever there is.
  const list = database.prepare(`
    SELECT page.seq, ${record}
    FROM (${listed.join(' UNION ALL ')} ORDER BY at, seq LIMIT :limit) AS page
    JOIN schedule USING (seq) JOIN content USING (seq) JOIN application ON application.id = schedule.application
    ORDER BY page.at, page.seq`)
  // Names are ASCII: what begins with the prefix lies between it and itself followed by the last character there is.
  const listNames = database.prepare(`
    SELECT ${record} FROM schedule JOIN content USING (seq) JOIN application ON application.id = schedule.application
    WHERE schedule.application = ? AND schedule.name BETWEEN ? AND ? AND schedule.name > ? ORDER BY schedule.name LIMIT ?`)
  const scan = database.prepare(`
    SELECT seq, ${record} FROM schedule JOIN content USING (seq) JOIN application ON application.id = schedule.application
    WHERE seq > ? ORDER BY seq LIMIT ?`)
  const count = database.prepare(`
    SELECT count(*) AS count FROM (SELECT 1 FROM schedule WHERE application = ? AND state = ? AND at >= ? AND at < ? LIMIT ?)`)
  const findApplication = database.prepare('SELECT id FROM application WHERE name = ?')

  function applicationId(name: string): number | undefined {
    return (findApplication.get(name) as { id: number } | undefined)?.id
  }

  return {
    /** For each interval, the counts in the order of `states`. */
    timeline({ application, states, edges, countedUpTo }: TimelineQueryRow): number[][] {
      const id = applicationId(application) ?? null
      return edges.slice(1).map((end, interval) =>
        states.map((together) => {
          let total = 0
          for (const state of together)
            total += (count.get(id, state, edges[interval] ?? end, end, countedUpTo - total) as { count: number }).count
          return total
        }),
      )
    },

    /** Every record, in the order of creation. */
    scan(afterSeq: number, limit: number): { rows: Row[]; next: number | undefined } {
      const { rows, isCut } = cutPage(scan.iterate(afterSeq, limit + 1) as Iterable<unknown> as Iterable<Row & { seq: number }>, limit)
      return { rows, next: isCut ? rows.at(-1)?.seq : undefined }
    },

    /** A page by name. Rows of every state: whoever asked for some picks those, so that the page costs what it costs. */
    listNames({ application, prefix, after, limit }: NamesQueryRow): { rows: Row[]; next: string | undefined } {
      const id = applicationId(application)
      if (id === undefined) return { rows: [], next: undefined }
      const { rows, isCut } = cutPage(
        listNames.iterate(id, prefix, `${prefix}\x7f`, after, limit + 1) as Iterable<unknown> as Iterable<Row>,
        limit,
      )
      return { rows, next: isCut ? rows.at(-1)?.name : undefined }
    },

    list(query: ListQueryRow): { rows: Row[]; next: { at: number; seq: number } | undefined } {
      const application = applicationId(query.application)
      if (application === undefined) return { rows: [], next: undefined }
      const chosen = Object.fromEntries(Object.values(states).map((state) => [`state${state}`, query.states.includes(state) ? 1 : 0]))
      const { to, limit } = query
      // One lower bound, so that the index is entered there and nothing before it is read: where the last page ended, or `from`.
      const [afterAt, afterSeq] = query.from > query.afterAt ? [query.from, -1] : [query.afterAt, query.afterSeq]
      const found = list.iterate({ application, to, afterAt, afterSeq, limit: limit + 1, ...chosen }) as Iterable<unknown>
      const { rows, isCut } = cutPage(found as Iterable<Row & { seq: number }>, limit)
      const last = rows.at(-1)
      return { rows, next: isCut && last !== undefined ? { at: last.at, seq: last.seq } : undefined }
    },
  }
}

/** @param found one more than asked for, where there is more */
function cutPage<R extends Row>(found: Iterable<R>, limit: number): { readonly rows: R[]; readonly isCut: boolean } {
  const rows: R[] = []
  let bytes = 0
  for (const row of found) {
    if (rows.length === limit || bytes >= pageBytes) return { rows, isCut: true }
    rows.push(row)
    bytes += (row.payload?.length ?? 0) + row.attempts.length + row.headers.length
  }
  return { rows, isCut: false }
}
