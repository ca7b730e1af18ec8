import type { Conduct } from './conduct.ts'

/** What README promises of an attempt, as the API must show it. */
export interface Expected {
  readonly outcome: 'delivered' | 'retry' | 'failed' | 'delivered or retry'
  readonly statusCode?: number
  readonly error?: RegExp
  readonly responseBody?: RegExp
  /** The answer must be the one to this very request: its own `webhook-id`. */
  readonly isOwnAnswer?: boolean
  /** It was waited for so long, in milliseconds. */
  readonly atLeastMs?: number
}

/** An owner that does not do as it should. */
export interface Behaviour {
  readonly conduct: Conduct
  readonly expected: Expected
}

export type Behaviours = Readonly<Record<string, Behaviour>>

/** Several conducts of which the same is expected. */
export function allOf(expected: Expected, conducts: Readonly<Record<string, Conduct>>): Behaviours {
  return Object.fromEntries(Object.entries(conducts).map(([title, conduct]) => [title, { conduct, expected }]))
}
