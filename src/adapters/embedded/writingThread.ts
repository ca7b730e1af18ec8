import type { DatabaseSync } from 'node:sqlite'
import { openDatabase } from './database.ts'
import { prepareWriting, readingOperations } from './operations.ts'
import { type Operation, type Operations, type Outcome, outcomeOf, serve } from './thread.ts'

serve((file) => {
  const database = openDatabase(file)
  const operations = prepareWriting(database)
  return { execute: (batch) => execute(database, operations, batch), close: () => database.close() }
})

/**
 * Group commit: what came together shares one transaction and one fsync, and is answered after it. No fsync ever blocks
 * the event loop of the service, since this is a thread of its own.
 */
function execute(database: DatabaseSync, operations: Operations, batch: readonly Operation[]): Outcome[] {
  // Outside a transaction these would each be one; a checkpoint cannot be inside.
  if (batch.every(([name]) => !writes(name))) return batch.map((operation) => outcomeOf(operations, operation))
  try {
    database.exec('BEGIN IMMEDIATE')
    const outcomes = batch.map((operation) => outcomeOf(operations, operation))
    const failed = outcomes.some((outcome) => 'error' in outcome)
    if (!failed) {
      database.exec('COMMIT')
      return outcomes
    }
    if (database.isTransaction) database.exec('ROLLBACK')
    // One operation's failure is not the others': each again by itself.
    return batch.length === 1 ? outcomes : batch.flatMap((operation) => execute(database, operations, [operation]))
  } catch (error) {
    // The disk is full or broken, or another process holds the lock: nobody's operation has happened.
    if (database.isTransaction) database.exec('ROLLBACK')
    return batch.map(() => ({ error }))
  }
}

function writes(name: string): boolean {
  return !readingOperations.has(name)
}
