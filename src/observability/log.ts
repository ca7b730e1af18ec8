import { pino } from 'pino'
import type { Observer } from '../domain/ports.ts'
import { formatInstant } from '../domain/time.ts'

export type Log = pino.Logger

/** A log of JSON lines on standard output, written beside the work rather than in its way; `flush` before the end. */
export function makeLog(level: string): { readonly log: Log; readonly flush: () => void } {
  const destination = pino.destination({ fd: 1, sync: false })
  const log = pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) } },
    destination,
  )
  return { log, flush: () => destination.flushSync() }
}

/** One wide line for each attempt. What an owner was sent, and what it answered, is nobody's business here. */
export function makeLogObserver(log: Log): Observer {
  return {
    attempted({ application, name, id, status, dueAt, content }, attempt) {
      const fields = {
        application,
        schedule: name,
        id,
        attempt: attempt.number,
        outcome: attempt.outcome,
        latenessMs: attempt.startedAt - attempt.dueAt,
        durationMs: attempt.durationMs,
        origin: new URL(content.target.url).origin,
        status,
        statusCode: attempt.statusCode,
        error: attempt.error,
        nextAttemptAt: status === 'scheduled' && dueAt !== null ? formatInstant(dueAt) : undefined,
      }
      if (attempt.outcome === 'failed') log.warn(fields, 'attempt')
      else log.info(fields, 'attempt')
    },

    rescued({ application, name, id, dueAt }) {
      log.warn({ application, schedule: name, id, overdueMs: Date.now() - dueAt }, 'overdue, and found by the sweep alone')
    },

    failed(what, error, wakeUp) {
      const fields = wakeUp === undefined ? {} : { application: wakeUp.application, schedule: wakeUp.name, id: wakeUp.id }
      log.error({ ...fields, err: error instanceof Error && error.cause !== undefined ? error.cause : error }, what)
    },
  }
}
