import { setTimeout as sleep } from 'node:timers/promises'
import { leaseMs } from '../../src/domain/lifecycle.ts'
import { apiOf, type ScheduleBody } from '../support/api.ts'
import type { Endpoint } from './load.ts'

/** What every schedule is once nothing is under way any more: what was, at a kill, is made again when its lease has ended. */
export async function statusesInTheEnd(endpoint: Endpoint | undefined): Promise<Map<string, ScheduleBody>> {
  const api = apiOf(endpoint?.url ?? '', endpoint?.key)
  const deadline = Date.now() + leaseMs + 30_000
  const areOpen = async (status: string): Promise<boolean> => (await api.list(`status=${status}`)).length > 0
  while (((await areOpen('scheduled')) || (await areOpen('delivering'))) && Date.now() < deadline) await sleep(200)
  // An index may lag behind a little.
  await sleep(500)
  return new Map((await api.list()).map((schedule) => [schedule.name, schedule]))
}
