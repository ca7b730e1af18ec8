import type { Random } from './random.ts'

/**
 * What goes wrong in a history, as probabilities for each occasion. Each history draws its own: one in which everything goes
 * wrong at once hides what a single fault does.
 */
export interface Faults {
  /** At every await of every process: it is gone, and another one is started a little later. */
  readonly crash: number
  /** A process is asked to stop, as for an update. */
  readonly stop: number
  /** A process stands still for up to a minute, and goes on where it was. */
  readonly suspension: number
  /** A process's wall clock is set, by up to an hour either way. */
  readonly clockStep: number
  /** The store does nothing, and says that it is unavailable. */
  readonly storeRefusal: number
  /** The store does it, and says that it is unavailable. */
  readonly lostAnswer: number
  /** The store takes seconds. */
  readonly slowStore: number
  readonly lostWakeUp: number
  readonly doubledWakeUp: number
  /** By minutes, beyond the one that EventBridge takes anyway. */
  readonly lateWakeUp: number
  readonly earlyWakeUp: number
  /** EventBridge refuses: throttled, out of quota, or broken. */
  readonly triggerRefusal: number
  /** The owner hangs, or says no. */
  readonly ownerTrouble: number
}

/** What fails on purpose, other than by an error of the service's own. */
export class SimulatedFault extends Error {}

const none: Faults = {
  crash: 0,
  stop: 0,
  suspension: 0,
  clockStep: 0,
  storeRefusal: 0,
  lostAnswer: 0,
  slowStore: 0,
  lostWakeUp: 0,
  doubledWakeUp: 0,
  lateWakeUp: 0,
  earlyWakeUp: 0,
  triggerRefusal: 0,
  ownerTrouble: 0,
}

/** The most that each may be. */
const worst: Faults = {
  crash: 0.02,
  stop: 0.02,
  suspension: 0.003,
  clockStep: 0.003,
  storeRefusal: 0.1,
  lostAnswer: 0.1,
  slowStore: 0.05,
  lostWakeUp: 0.9,
  doubledWakeUp: 0.9,
  lateWakeUp: 0.9,
  earlyWakeUp: 0.5,
  triggerRefusal: 0.5,
  ownerTrouble: 0.9,
}

/** One history in ten has none at all, and has to be punctual. */
const calm = 0.1
/** In the others, each kind is there or not. */
const present = 0.35

export function drawFaults(random: Random): Faults {
  if (random.chance(calm)) return none
  const drawn = Object.entries(worst).map(([kind, most]) => [kind, random.chance(present) ? random.next() * (most as number) : 0])
  return { ...none, ...(Object.fromEntries(drawn) as Partial<Faults>) }
}
