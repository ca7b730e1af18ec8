import type { Created, CreateRequest } from './createSchedule.ts'
import { eachOf } from './eachOf.ts'

interface Dependencies {
  readonly createSchedule: (request: CreateRequest) => Promise<Created>
  /** The engine's. */
  readonly createsAtOnce: number
}

/**
 * Creates many schedules, in their order, as many at once as the engine can take: those that reach the store together
 * become durable together. What keeps one from being created keeps no other.
 *
 * @returns for each what came of it; a rejection's reason is what `createSchedule` throws
 */
export function makeCreateSchedules({ createSchedule, createsAtOnce }: Dependencies) {
  return (requests: readonly CreateRequest[]): Promise<PromiseSettledResult<Created>[]> => eachOf(requests, createsAtOnce, createSchedule)
}
