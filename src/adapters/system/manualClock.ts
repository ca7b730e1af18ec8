import TinyQueue from 'tinyqueue'
import type { Clock, ManualClock } from '../../domain/ports.ts'

interface Sleeper {
  readonly instant: number
  readonly wake: () => void
}

/** @param real what is paused waits for */
export function makeManualClock(start: number, real: Clock): ManualClock {
  const sleepers = new TinyQueue<Sleeper>([], (a, b) => a.instant - b.instant)
  let now = start

  return {
    now: () => now,
    pause: real.pause,

    async sleepUntil(instant, signal) {
      signal?.throwIfAborted()
      if (now >= instant) return
      const woken = Promise.withResolvers<void>()
      const onAbort = (): void => woken.reject(signal?.reason)
      sleepers.push({ instant, wake: woken.resolve })
      signal?.addEventListener('abort', onAbort, { once: true })
      await woken.promise.finally(() => signal?.removeEventListener('abort', onAbort))
    },

    set(instant) {
      now = Math.max(now, instant)
      for (let next = sleepers.peek(); next !== undefined && next.instant <= now; next = sleepers.peek()) {
        sleepers.pop()
        next.wake()
      }
    },
  }
}
