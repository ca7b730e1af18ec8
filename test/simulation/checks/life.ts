import type { Schedule } from '../../../src/domain/schedule.ts'
import type { Answer, Told } from '../callers.ts'
import type { History } from '../history.ts'
import type { Received } from '../owner.ts'
import type { Change } from '../store.ts'

/** A history as the checks look at it: by incarnation. */
export interface Life {
  readonly id: string
  /** Every change that had to do with it, in order. */
  readonly changes: readonly Change[]
  readonly calls: readonly Received[]
  readonly told: readonly (Told & { readonly answer: Extract<Answer, { schedule: Schedule }> })[]
}

export type Check = (life: Life, history: History) => readonly string[]

export function livesOf({ store, owner, callers }: History): Life[] {
  const written = store.changes.flatMap(({ previous, next }) => [previous?.id, next?.id])
  const told = callers.told.map(({ answer }) => ('schedule' in answer ? answer.schedule.id : undefined))
  const ids = new Set([...written, ...told].filter((id) => id !== undefined))
  return [...ids].map((id) => ({
    id,
    changes: store.changes.filter(({ previous, next }) => previous?.id === id || next?.id === id),
    calls: owner.received.filter(({ call }) => call.id === id),
    told: callers.told.flatMap((each) => {
      const { answer } = each
      return 'schedule' in answer && answer.schedule.id === id ? [{ ...each, answer }] : []
    }),
  }))
}

export function claimOf({ call }: Received, changes: readonly Change[]): Change | undefined {
  return changes.find(({ next }) => next?.id === call.id && next.status === 'delivering' && next.attemptCount === call.attempt)
}
