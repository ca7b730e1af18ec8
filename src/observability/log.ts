import { pino } from 'pino'
import type { Observer } from '../domain/ports.ts'
import { formatInstant } from '../domain/time.ts'

export type Log = pino.Logger

interface LoggedError {
  readonly type: string
  readonly message: string
  readonly code: unknown
  readonly stack: string | undefined
  readonly cause: unknown
}

/** Nothing else of an error: libraries hang the request or the record on it that it is about. */
function serializeError(error: unknown): unknown {
  if (!(error instanceof Error)) return typeof error === 'object' ? undefined : error
  const { name, message, stack, cause } = error
  const logged: LoggedError = {
    type: name,
    message,
    code: 'code' in error ? error.code : undefined,
    stack,
    cause: cause === undefined ? undefined : serializeError(cause),
  }
  return logged
}

export const serializers = { err: serializeError }

/** Lines are written together: when there are so many bytes of them, or after so many milliseconds. */
const together = { minLength: 8192, periodicFlush: 100 }

/** A log of JSON lines on standard output, written beside the work rather than in its way; `flush` before the end. */
export function makeLog(level: string): { readonly log: Log; readonly flush: () => void } {
  const destination = pino.destination({ fd: 1, sync: false, ...together })
  const log = pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) }, serializers },
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

    expired({ application, name, id, attemptCount, expiresAt }) {
      const fields = { application, schedule: name, id, attempts: attemptCount, expiresAt: formatInstant(expiresAt ?? 0) }
      log.warn(fields, 'expired before it could be delivered')
    },

    rescued({ application, name, id, dueAt }) {
      log.warn({ application, schedule: name, id, overdueMs: Date.now() - dueAt }, 'overdue, and found by the sweep alone')
    },

    failed(what, error, wakeUp) {
      const fields = wakeUp === undefined ? {} : { application: wakeUp.application, schedule: wakeUp.name, id: wakeUp.id }
      log.error({ ...fields, err: error instanceof Error && error.cause !== undefined ? error.cause : error }, what)
    },

    // The metrics tell.
    committed: () => undefined,
  }
}
