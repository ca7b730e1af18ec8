import { statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { busyTimeoutMs, damaged, isDamage, readNumber, refusal, schemaVersion } from './database.ts'
import { damageOfLog } from './logCheck.ts'
import { record } from './operations.ts'
import { damageOfRow, type Row } from './rows.ts'

/** A file up to this size is checked from end to end at start; with a larger one that is done while the service runs. */
const checkedAtStartBytes = 8 * 1024 * 1024

/** Another process may be writing to the log while it is read: what looks damaged then does not the next time. */
const looksAtLog = 4
const betweenLooksMs = 50

/**
 * Whether the store is sound, before anybody opens it: once it is open, closing it again would change it.
 *
 * @throws StartRefused where it is damaged
 */
export function refuseDamaged(file: string): void {
  let finding: string | undefined
  try {
    finding = damageAtStart(file)
  } catch (error) {
    throw refusal(file, error)
  }
  if (finding !== undefined) throw damaged(file, finding)
}

function damageAtStart(file: string): string | undefined {
  rollBackHotJournal(file)
  // The log first: whoever is just making the file writes to it before.
  const logBytes = sizeOf(`${file}-wal`)
  const isEmpty = sizeOf(file) === 0
  // SQLite would take an empty file for a new one, and throw the log away that has everything in it.
  if (isEmpty && logBytes > 0) return 'it is empty, but its log is not'
  const finding = damageThatStays(file)
  if (finding !== undefined || isEmpty || isLarge(file)) return finding
  return findDamage(file)
}

/** Whether checking all of it would make the start slow. */
export function isLarge(file: string): boolean {
  return sizeOf(file) > checkedAtStartBytes
}

function damageThatStays(file: string): string | undefined {
  for (let look = 1; ; look++) {
    const finding = damageOfLog(file)
    if (finding === undefined || look === looksAtLog) return finding
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, betweenLooksMs)
  }
}

/**
 * Reads a store from end to end, without changing it, also while it is in use. Each of its statements sees one moment of it,
 * and none holds up the log for longer than it takes.
 *
 * @returns what is wrong with it; undefined: nothing
 * @throws where it cannot be read at all
 */
export function findDamage(file: string): string | undefined {
  const database = new DatabaseSync(file, { readOnly: true, timeout: busyTimeoutMs })
  try {
    const isCurrent = readNumber(database, 'PRAGMA user_version') === schemaVersion
    return damageOfPages(database) ?? (isCurrent ? (damageOfRecords(database) ?? damageOfCounts(database)) : undefined)
  } catch (error) {
    if (isDamage(error)) return error instanceof Error ? error.message : String(error)
    throw error
  } finally {
    database.close()
  }
}

function damageOfPages(database: DatabaseSync): string | undefined {
  const [row] = database.prepare('PRAGMA integrity_check(1)').all()
  const finding = String(Object.values(row ?? {})[0])
  return finding === 'ok' ? undefined : finding
}

const rowsAtOnce = 1000

/** What SQLite has no checksums for. */
function damageOfRecords(database: DatabaseSync): string | undefined {
  const next = database.prepare(
    `SELECT seq, ${record} FROM schedule JOIN application ON application.id = schedule.application JOIN content USING (seq)
     WHERE seq > ? ORDER BY seq LIMIT ${rowsAtOnce}`,
  )
  for (let after = 0; ; ) {
    const rows = next.all(after) as unknown as (Row & { seq: number })[]
    for (const row of rows) {
      const damage = damageOfRow(row)
      if (damage !== undefined) return damage
    }
    const last = rows.at(-1)
    if (last === undefined) return undefined
    after = last.seq
  }
}

function damageOfCounts(database: DatabaseSync): string | undefined {
  const lonely = 'SELECT count(*) FROM schedule LEFT JOIN content USING (seq) WHERE content.seq IS NULL'
  if (readNumber(database, lonely) > 0) return 'there are schedules without their content'
  const miscounted = `
    SELECT count(*) FROM
      (SELECT application, state, count(*) AS counted FROM schedule GROUP BY application, state)
      FULL JOIN (SELECT application, state, count AS noted FROM tally WHERE count <> 0) USING (application, state)
    WHERE counted IS NOT noted`
  return readNumber(database, miscounted) > 0 ? 'its tally does not add up' : undefined
}

/** Where a process died while the file was made, or restored, the next one to open it for writing finishes that. */
function rollBackHotJournal(file: string): void {
  if (sizeOf(`${file}-journal`) === 0) return
  const database = new DatabaseSync(file, { timeout: busyTimeoutMs })
  readNumber(database, 'PRAGMA user_version')
  database.close()
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}
