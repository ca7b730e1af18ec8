import type { Test } from 'tap'
import type { EngineConfig } from '../../src/config.ts'
import { application, composeService } from '../support/composed.ts'
import { startObedientOwner } from '../support/obedientOwner.ts'
import { apiContract } from './api.ts'
import { bulkContract } from './bulk.ts'
import { changingContract } from './changing.ts'
import { momentsContract } from './moments.ts'

/**
 * What callers see of a service, and what its owner gets, whichever engine is behind it.
 *
 * @param many how many are created and canceled at once
 * @param engine by default the embedded one, on a store of its own
 */
export async function httpContract(t: Test, many: number, engine?: EngineConfig): Promise<void> {
  const owner = await startObedientOwner(t)
  const allowedOrigins = ['http://127.0.0.1:1', owner.origin]
  const applications = [application('blog', { allowedOrigins }), application('shop', { allowedOrigins })]
  const service = await composeService(t, { applications, ...(engine === undefined ? {} : { engine }) })
  service.start()
  await t.test('schedules', async (t) => apiContract(t, service))
  await t.test('moments', async (t) => momentsContract(t, service, owner))
  await t.test('changing', async (t) => changingContract(t, service, owner))
  await t.test('bulk', async (t) => bulkContract(t, service, owner, many))
}
