import { isFinished } from '../domain/lifecycle.ts'
import type { ScheduleStore, Trigger } from '../domain/ports.ts'
import type { Schedule } from '../domain/schedule.ts'

/**
 * Every schedule of a store, as it is. Nobody may deliver from it meanwhile, or what is taken elsewhere is delivered twice.
 *
 * @throws AppError `unavailable`
 */
export async function* exportSchedules(store: Pick<ScheduleStore, 'scan'>): AsyncGenerator<Schedule> {
  for (let after: string | undefined; ; ) {
    const page = await store.scan(after)
    yield* page.items
    if (page.next === undefined) return
    after = page.next
  }
}

/** `there`: it had been taken over before. `in_use`: its name is another schedule's, or it has gone on since. */
export type Imported = 'added' | 'there' | 'in_use'

/**
 * Takes a schedule over as it is: with its id, its moments and its attempts. Done again, it changes nothing.
 *
 * @throws AppError `unavailable`, `too_many_requests`
 */
export function makeImportSchedule({ store, trigger }: { readonly store: ScheduleStore; readonly trigger: Trigger }) {
  return async function importSchedule(schedule: Schedule): Promise<Imported> {
    const answer = await store.insert(schedule)
    const isThere = !answer.inserted && answer.existing.id === schedule.id && answer.existing.version === schedule.version
    if (!answer.inserted && !isThere) return 'in_use'
    // Whoever took it over before may have died before it had asked for a wake-up.
    if (!isFinished(schedule)) await trigger.arm(schedule)
    return answer.inserted ? 'added' : 'there'
  }
}
