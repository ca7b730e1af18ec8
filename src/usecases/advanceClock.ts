import { invalid } from '../domain/errors.ts'
import type { Due, ManualClock, ScheduleStore } from '../domain/ports.ts'
import { formatInstant, lastInstant } from '../domain/time.ts'
import type { Firing } from './fire.ts'

/** How many that are due at one moment are seen to at once. */
const firedAtOnce = 1000

interface Dependencies {
  readonly store: Pick<ScheduleStore, 'due'>
  readonly clock: ManualClock
  readonly firing: Pick<Firing, 'atRest'>
  readonly fire: Firing['fire']
  /** By name. */
  readonly applications: () => readonly string[]
}

/**
 * Turns the clock, from one moment that something is due at to the next: each is delivered at its own moment, and what
 * that leads to (a retry, a schedule that the owner creates meanwhile) is, too, if it is due by then.
 *
 * @throws AppError `invalid_request` for a moment that has passed, `unavailable`
 */
export function makeAdvanceClock({ store, clock, firing, fire, applications }: Dependencies) {
  let last: Promise<unknown> = Promise.resolve()

  async function soonest(): Promise<number | undefined> {
    const heads = await Promise.all(applications().map((application) => store.due(application, lastInstant, 1)))
    const moments = heads.flat().map(({ dueAt }) => dueAt)
    return moments.length === 0 ? undefined : Math.min(...moments)
  }

  async function allDue(): Promise<Due[]> {
    return (await Promise.all(applications().map((application) => store.due(application, clock.now(), firedAtOnce)))).flat()
  }

  async function see(due: Due): Promise<void> {
    const fired = await fire(due)
    if (fired.kind === 'taken') await fired.done
  }

  async function advance(instant: number): Promise<void> {
    for (;;) {
      // What is under way has a lease, and time must not run away from it.
      await firing.atRest()
      const next = await soonest()
      if (next === undefined || next > instant) break
      clock.set(next)
      await Promise.all((await allDue()).map(see))
    }
    clock.set(instant)
    await firing.atRest()
  }

  /** @param target the moment that is asked for, by what the clock shows when it is this one's turn */
  return async function advanceClock(target: (now: number) => number): Promise<number> {
    const turn = last.then(async () => {
      const instant = target(clock.now())
      if (instant < clock.now()) throw invalid('/to', `is before ${formatInstant(clock.now())}: the clock is turned forward only`)
      if (instant > lastInstant) throw invalid('/bySeconds', `leads beyond ${formatInstant(lastInstant)}`)
      await advance(instant)
      return instant
    })
    last = turn.catch(() => undefined)
    return turn
  }
}
