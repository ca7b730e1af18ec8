// One transaction for each message.
import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'

const database = new DatabaseSync(workerData as string)
database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE job (seq INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT')
const insert = database.prepare('INSERT INTO job (body) VALUES (?)')

parentPort?.on('message', (bodies: readonly string[]) => {
  database.exec('BEGIN')
  for (const body of bodies) insert.run(body)
  database.exec('COMMIT')
  parentPort?.postMessage('durable')
})
