import TinyQueue from 'tinyqueue'
import type { Clock } from '../../domain/ports.ts'

/** The wall clock is read again at least this often, so that a step of it, or a suspended machine, is caught up with. */
const rereadMs = 1000

/** So many alarms that nobody waits for any more are not worth looking for. */
const keptCanceled = 100

interface Alarm {
  readonly instant: number
  readonly ring: () => void
  readonly abort: (reason: unknown) => void
  canceled: boolean
}

/**
 * The machine's clock. All who sleep share one timer, armed for the first of them; its delay is clamped far below the
 * 2^31−1 ms above which `setTimeout` fires at once.
 */
export function makeSystemClock(): Clock {
  let alarms = queueOf([])
  let canceled = 0
  /** Thousands may sleep under one signal, which would look through all of their listeners to take one off: they share one. */
  const sleeping = new WeakMap<AbortSignal, Set<Alarm>>()
  let timer: NodeJS.Timeout | undefined
  let armedFor = Number.POSITIVE_INFINITY

  function arm(): void {
    const head = alarms.peek()
    if (head === undefined || (timer !== undefined && armedFor <= head.instant)) return
    clearTimeout(timer)
    armedFor = head.instant
    timer = setTimeout(ring, Math.min(Math.max(head.instant - Date.now(), 0), rereadMs))
  }

  function ring(): void {
    timer = undefined
    const now = Date.now()
    for (let head = alarms.peek(); head !== undefined && (head.canceled || head.instant <= now); head = alarms.peek()) {
      alarms.pop()
      if (head.canceled) canceled--
      else head.ring()
    }
    arm()
  }

  /** Whoever is woken early leaves an alarm behind, which may be set for years ahead. */
  function noteCanceled(): void {
    canceled++
    if (canceled < keptCanceled || canceled * 2 < alarms.length) return
    alarms = queueOf(alarms.data.filter((alarm) => !alarm.canceled))
    canceled = 0
  }

  function sleepingUnder(signal: AbortSignal): Set<Alarm> {
    const known = sleeping.get(signal)
    if (known !== undefined) return known
    const all = new Set<Alarm>()
    sleeping.set(signal, all)
    signal.addEventListener('abort', () => all.forEach((alarm) => alarm.abort(signal.reason)), { once: true })
    return all
  }

  async function sleepUntil(instant: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    if (Date.now() >= instant) return
    await new Promise<void>((resolve, reject) => {
      const together = signal === undefined ? undefined : sleepingUnder(signal)
      const alarm: Alarm = {
        instant,
        canceled: false,
        ring: () => {
          together?.delete(alarm)
          resolve()
        },
        abort: (reason) => {
          alarm.canceled = true
          noteCanceled()
          reject(reason)
        },
      }
      together?.add(alarm)
      alarms.push(alarm)
      arm()
    })
  }

  return {
    now: () => Date.now(),
    sleepUntil,

    async pause(ms, signal) {
      signal?.throwIfAborted()
      const over = new AbortController()
      const timer = setTimeout(() => over.abort(), ms)
      try {
        await sleepUntil(Date.now() + ms, signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]))
      } catch (error) {
        if (!over.signal.aborted) throw error
      } finally {
        clearTimeout(timer)
        // A signal of several is kept for as long as somebody listens to it.
        over.abort()
      }
    },
  }
}

function queueOf(alarms: Alarm[]): TinyQueue<Alarm> {
  return new TinyQueue(alarms, (a, b) => a.instant - b.instant)
}
