import { setTimeout as sleep } from 'node:timers/promises'

/** So many turns a second. Who comes late for one has it at once, so that what was missed is made up for. */
export interface Pace {
  /** Resolves with true when it is time, and with false after the end. */
  turn(): Promise<boolean>
  end(): void
}

export function makePace(perSecond: number): Pace {
  const begun = performance.now()
  let turns = 0
  let isOver = false
  return {
    async turn() {
      const waitMs = (turns++ / perSecond) * 1000 - (performance.now() - begun)
      if (waitMs > 0) await sleep(waitMs)
      return !isOver
    },
    end() {
      isOver = true
    },
  }
}
