import type { Created, CreateRequest } from './createSchedule.ts'
import { eachOf } from './eachOf.ts'

interface Dependencies {
  readonly createSchedule: (request: CreateRequest) => Promise<Created>
  /** The engine's. */
  readonly createsAtOnce: number
}

/**
 * Creates many schedules, as many at once as the engine can take: those that reach the store together become durable
 * together. What keeps one from being created keeps no other. Those of one name come in their order.
 *
 * @returns for each what came of it; a rejection's reason is what `createSchedule` throws
 */
export function makeCreateSchedules({ createSchedule, createsAtOnce }: Dependencies) {
  return (requests: readonly CreateRequest[]): Promise<PromiseSettledResult<Created>[]> => {
    const latest = new Map<string, Promise<unknown>>()

    function createInTurn(request: CreateRequest): Promise<Created> {
      if (request.name === undefined) return createSchedule(request)
      const before = latest.get(request.name)
      const created =
        before === undefined
          ? createSchedule(request)
          : before.then(
              () => createSchedule(request),
              () => createSchedule(request),
            )
      latest.set(request.name, created)
      return created
    }

    return eachOf(requests, createsAtOnce, createInTurn)
  }
}
