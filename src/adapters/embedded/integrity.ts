import { existsSync, statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { busyTimeoutMs, damaged, readNumber, refusal, schemaVersion } from './database.ts'
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
  const isEmpty = sizeOf(file) === 0
  // SQLite would take an empty file for a new one, and throw the log away that has everything in it.
  if (isEmpty && sizeOf(`${file}-wal`) > 0) throw damaged(file, 'it is empty, but its log is not')
  const finding = damageThatStays(file)
  if (finding !== undefined) throw damaged(file, finding)
  if (isEmpty || isLarge(file)) return
  let found: string | undefined
  try {
    found = findDamage(file)
  } catch (error) {
    throw refusal(file, error)
  }
  if (found !== undefined) throw damaged(file, found)
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
 * Reads a store from end to end, without changing it, also while it is in use.
 *
 * @returns what is wrong with it; undefined: nothing
 * @throws where it cannot be read at all
 */
export function findDamage(file: string): string | undefined {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(file, { readOnly: true, timeout: busyTimeoutMs })
    // One moment of it, whatever is written meanwhile.
    database.exec('BEGIN')
    return (
      damageOfPages(database) ?? (readNumber(database, 'PRAGMA user_version') === schemaVersion ? damageOfRecords(database) : undefined)
    )
  } finally {
    database?.close()
  }
}

function damageOfPages(database: DatabaseSync): string | undefined {
  const [row] = database.prepare('PRAGMA integrity_check(1)').all()
  const finding = String(Object.values(row ?? {})[0])
  return finding === 'ok' ? undefined : finding
}

/** What SQLite has no checksums for. */
function damageOfRecords(database: DatabaseSync): string | undefined {
  const all = database.prepare(
    `SELECT ${record} FROM schedule JOIN application ON application.id = schedule.application JOIN content USING (seq)`,
  )
  let records = 0
  for (const row of all.iterate()) {
    records++
    const damage = damageOfRow(row as unknown as Row)
    if (damage !== undefined) return damage
  }
  if (records !== readNumber(database, 'SELECT count(*) FROM schedule')) return 'there are schedules without their content'
  const miscounted = readNumber(
    database,
    `SELECT count(*) FROM
       (SELECT application, state, count(*) AS counted FROM schedule GROUP BY application, state)
       FULL JOIN (SELECT application, state, count AS noted FROM tally WHERE count <> 0) USING (application, state)
     WHERE counted IS NOT noted`,
  )
  return miscounted === 0 ? undefined : 'its tally does not add up'
}

function sizeOf(file: string): number {
  return existsSync(file) ? statSync(file).size : 0
}
