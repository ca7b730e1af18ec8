import { chmodSync, closeSync, copyFileSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'
import { StartRefused } from '../../domain/errors.ts'
import { busyTimeoutMs, openDatabase, refuseInUse, storeFile } from './database.ts'
import { makeDataDirectory } from './dataDirectory.ts'
import { findDamage } from './integrity.ts'

/** All pages in one step: one moment of the store, whatever is written meanwhile, and nobody who writes waits for it. */
const allPages = 0x7fffffff

/** What SQLite keeps beside a file that is in use. */
const companions = ['-wal', '-shm'] as const

/** @throws StartRefused where there is no store in the directory */
export function refuseNoStore(directory: string): void {
  if (!existsSync(join(directory, storeFile))) throw new StartRefused(`There is no store in ${directory}. Check DATA_DIR.`)
}

/**
 * Copies a store into one file, also while the service is running, by SQLite's backup API. The store is not touched: an
 * older service may be running on it.
 *
 * @throws StartRefused where there is no store, or a file of this name already
 * @see https://www.sqlite.org/backup.html
 */
export async function backUp(directory: string, to: string): Promise<void> {
  refuseNoStore(directory)
  if (existsSync(to)) throw new StartRefused(`${to} is there already. A backup is never written over another file.`)
  // Written aside, so that half of one is never taken for a backup.
  const draft = `${to}.unfinished`
  let database: DatabaseSync | undefined
  try {
    removeWithCompanions(draft)
    // For its owner alone, as the store is.
    writeFileSync(draft, '', { mode: 0o600 })
    database = new DatabaseSync(join(directory, storeFile), { readOnly: true, timeout: busyTimeoutMs })
    await backup(database, draft, { rate: allPages })
    makeSelfContained(draft)
    prove(draft)
    syncFile(draft)
    renameSync(draft, to)
  } catch (error) {
    removeWithCompanions(draft)
    throw error instanceof StartRefused ? error : new StartRefused(`The backup failed: ${messageOf(error)}.`, { cause: error })
  } finally {
    database?.close()
  }
}

/**
 * Puts a backup in the place of a store. The store that was there is moved aside, but not before the backup has proven to
 * be one that the service can use.
 *
 * @returns where the earlier store is now; undefined where there was none
 * @throws StartRefused where the backup cannot be used, or a service is using the directory; then nothing has changed
 */
export function restore(from: string, directory: string): string | undefined {
  if (!existsSync(from)) throw new StartRefused(`There is no ${from}.`)
  if (sizeOf(`${from}-wal`) > 0) {
    throw new StartRefused(
      `${from} has a log beside it: it is a store as it was copied, and no backup. Start the service on it, and back that up.`,
    )
  }
  makeDataDirectory(directory)
  const file = join(directory, storeFile)
  const draft = `${file}.restoring`
  try {
    removeWithCompanions(draft)
    copyFileSync(from, draft)
    chmodSync(draft, 0o600)
    prove(draft)
    // As the service would: it is brought up to date, or refused where it is a newer one's, or somebody else's.
    openDatabase(draft).close()
    syncFile(draft)
    const aside = setAside(file)
    renameSync(draft, file)
    return aside
  } catch (error) {
    removeWithCompanions(draft)
    throw error instanceof StartRefused ? error : new StartRefused(`The restore failed: ${messageOf(error)}.`, { cause: error })
  }
}

/** Moves a store away, with all that is beside it: a log that stayed behind would be taken for the restored file's. */
function setAside(file: string): string | undefined {
  if (existsSync(file)) refuseInUse(file)
  const aside = `${file}.before-${new Date().toISOString().replaceAll(':', '')}`
  const moved = ['', ...companions].filter((suffix) => existsSync(file + suffix))
  for (const suffix of moved) renameSync(file + suffix, aside + suffix)
  return moved.length === 0 ? undefined : aside
}

/** Without a log of its own, so that whoever looks into it leaves nothing beside it. */
function makeSelfContained(file: string): void {
  const database = new DatabaseSync(file)
  database.exec('PRAGMA journal_mode = DELETE')
  database.close()
}

/** @throws StartRefused where it is damaged, or no store */
function prove(file: string): void {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    const finding = findDamage(file)
    if (finding !== undefined) throw new StartRefused(`${file} is no usable store: it is damaged (${finding}).`)
    const isOurs = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'schedule'").get() !== undefined
    if (!isOurs) throw new StartRefused(`${file} is no store of Punctual.`)
  } catch (error) {
    throw error instanceof StartRefused ? error : new StartRefused(`${file} is no usable store: ${messageOf(error)}.`, { cause: error })
  } finally {
    database.close()
  }
}

function syncFile(file: string): void {
  const descriptor = openSync(file, 'r+')
  fsyncSync(descriptor)
  closeSync(descriptor)
}

function removeWithCompanions(file: string): void {
  for (const suffix of ['', ...companions]) rmSync(file + suffix, { force: true })
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
