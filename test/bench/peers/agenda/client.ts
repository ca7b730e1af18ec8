import { PostgresBackend } from '@agendajs/postgres-backend'
import { Agenda } from 'agenda'
import { payload } from '../../beside/job.ts'
import type { OpenClient } from '../../contender.ts'
import type { PeerSettings } from '../peer.ts'
import { connectionString } from '../postgres.ts'

export const open: OpenClient<PeerSettings> = async ({ port }) => {
  // More connections than its 10 do not make it faster on two cores.
  const agenda = new Agenda({ backend: new PostgresBackend({ connectionString: connectionString({ port }) }) })
  await agenda.ready
  return {
    async add({ at, url }) {
      await agenda.schedule(new Date(at), 'call', { url, payload })
    },
    close: () => agenda.stop(true),
  }
}
