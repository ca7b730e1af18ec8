import { copyFileSync, existsSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'
import { StartRefused } from '../../domain/errors.ts'
import { openDatabase, storeFile } from './database.ts'
import { makeDataDirectory } from './dataDirectory.ts'

/** All pages in one step: one moment of the store, whatever is written meanwhile, and nobody who writes waits for it. */
const allPages = 0x7fffffff

/**
 * Copies a store into one file, also while the service is running, by SQLite's backup API.
 *
 * @throws StartRefused where there is no store, or a file of this name already
 * @see https://www.sqlite.org/backup.html
 */
export async function backUp(directory: string, to: string): Promise<void> {
  const file = join(directory, storeFile)
  if (!existsSync(file)) throw new StartRefused(`There is no store in ${directory}. Check DATA_DIR.`)
  if (existsSync(to)) throw new StartRefused(`${to} is there already. A backup is never written over another file.`)
  const database = openDatabase(file)
  // Written aside, so that half of one is never taken for a backup.
  const draft = `${to}.unfinished`
  try {
    rmSync(draft, { force: true })
    await backup(database, draft, { rate: allPages })
    makeSelfContained(draft)
    prove(draft)
    renameSync(draft, to)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error instanceof StartRefused ? error : new StartRefused(`The backup failed: ${messageOf(error)}.`, { cause: error })
  } finally {
    database.close()
  }
}

/**
 * Puts a backup in the place of a store. The store that was there is moved aside.
 *
 * @returns where that is now; undefined where there was none
 * @throws StartRefused where the backup is damaged, or a service is using the directory
 */
export function restore(from: string, directory: string): string | undefined {
  if (!existsSync(from)) throw new StartRefused(`There is no ${from}.`)
  prove(from)
  makeDataDirectory(directory)
  const file = join(directory, storeFile)
  const aside = existsSync(file) ? setAside(file) : undefined
  const draft = `${file}.restoring`
  copyFileSync(from, draft)
  renameSync(draft, file)
  // Migrates it where it is an older one's, and makes sure that it can be used.
  openDatabase(file).close()
  return aside
}

/** With its log in it: a log that stayed behind would be taken for the restored file's. */
function setAside(file: string): string {
  const database = new DatabaseSync(file, { timeout: 0 })
  try {
    // Possible only for the one who has it open alone; it leaves the file without a log.
    database.exec('PRAGMA journal_mode = DELETE')
  } catch (error) {
    throw new StartRefused(`${file} is in use: stop the service first.`, { cause: error })
  } finally {
    database.close()
  }
  const aside = `${file}.before-${new Date(statSync(file).mtimeMs).toISOString().replaceAll(':', '')}`
  renameSync(file, aside)
  return aside
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
    const [row] = database.prepare('PRAGMA integrity_check(1)').all()
    const finding = String(Object.values(row ?? {})[0])
    if (finding !== 'ok') throw new StartRefused(`${file} is damaged: ${finding}.`)
    const isOurs = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'schedule'").get() !== undefined
    if (!isOurs) throw new StartRefused(`${file} is no store of Punctual.`)
  } catch (error) {
    throw error instanceof StartRefused ? error : new StartRefused(`${file} is no usable store: ${messageOf(error)}.`, { cause: error })
  } finally {
    database.close()
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
