import { closeSync, fsyncSync, openSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { openDatabase } from './database.ts'
import { refuseDamaged } from './integrity.ts'
import { prepareWriting, readingOperations } from './operations.ts'
import { type Operation, type Operations, type Outcome, outcomeOf, serve } from './thread.ts'

serve((file) => {
  refuseDamaged(file)
  const database = openDatabase(file)
  syncLog(`${file}-wal`)
  const operations = prepareWriting(database)
  return { execute: (batch) => execute(database, operations, batch), close: () => database.close() }
})

/** A killed process may have left a commit that was not synced yet: it counts from now on, so it has to last from now on. */
function syncLog(log: string): void {
  const descriptor = openSync(log, 'r+')
  fsyncSync(descriptor)
  closeSync(descriptor)
}

/**
 * Group commit: what came together shares one transaction and one fsync, and is answered after it. No fsync ever blocks
 * the event loop of the service, since this is a thread of its own.
 */
function execute(database: DatabaseSync, operations: Operations, batch: readonly Operation[]): Outcome[] {
  // Outside a transaction these would each be one; a checkpoint cannot be inside.
  if (batch.every(([name]) => !writes(name))) return batch.map((operation) => outcomeOf(operations, operation))
  try {
    database.exec('BEGIN IMMEDIATE')
    const outcomes: Outcome[] = []
    for (const operation of batch) {
      const outcome = outcomeOf(operations, operation)
      if ('error' in outcome) {
        rollBack(database)
        // One operation's failure is not the others': each again by itself.
        return batch.length === 1 ? [outcome] : batch.flatMap((each) => execute(database, operations, [each]))
      }
      outcomes.push(outcome)
    }
    database.exec('COMMIT')
    return outcomes
  } catch (error) {
    // The disk is full or broken, or another process holds the lock: nobody's operation has happened.
    rollBack(database)
    return batch.map(() => ({ error }))
  }
}

/** After some errors (a full disk, for one) SQLite has rolled back by itself: what came next would be a transaction each. */
function rollBack(database: DatabaseSync): void {
  if (database.isTransaction) database.exec('ROLLBACK')
}

function writes(name: string): boolean {
  return !readingOperations.has(name)
}
