import { PostgresBackend } from '@agendajs/postgres-backend'
import { Agenda } from 'agenda'
import { callsAtOnce } from '../../beside/deliver.ts'
import type { JobData, Work } from '../../contender.ts'
import type { PeerSettings } from '../peer.ts'
import { connectionString } from '../postgres.ts'

export const work: Work<PeerSettings> = async ({ port }, deliver) => {
  const agenda = new Agenda({
    backend: new PostgresBackend({ connectionString: connectionString({ port }) }),
    // Its defaults are 20, and 5 for each kind of job.
    maxConcurrency: callsAtOnce,
    defaultConcurrency: callsAtOnce,
    removeOnComplete: true,
  })
  agenda.on('error', (error) => process.stderr.write(`Agenda: ${error.message}\n`))
  // oxlint-disable-next-line typescript/no-misused-promises -- the second of its signatures takes a promise
  agenda.define<JobData>('call', (job) => deliver(job.attrs.data))
  await agenda.start()
  return () => agenda.stop(true)
}
