import { formatDuration } from '../format.ts'
import { Distance, Moment } from '../moment.tsx'
import { StatusIcon } from '../statusBadge.tsx'
import type { Attempt, Schedule } from '../types.ts'

const outcomes = {
  delivered: 'delivered',
  retry: 'not taken',
  failed: 'failed',
  interrupted: 'interrupted',
} as const satisfies Record<Attempt['outcome'], string>

/** Each attempt, in the order of time. */
export function Attempts({ schedule }: { readonly schedule: Schedule }) {
  const { attempts, timeZone, nextAttemptAt } = schedule
  const [first] = attempts
  // All of them on one scale.
  const longestMs = Math.max(1, ...attempts.map(({ latenessMs, durationMs }) => latenessMs + durationMs))
  return (
    <section class="card" aria-labelledby="attempts">
      <h2 id="attempts">Attempts</h2>
      {first === undefined && nextAttemptAt === undefined && <p class="empty">There has been none.</p>}
      {first !== undefined && first.number > 1 && <p class="note">Only the last {attempts.length} are kept.</p>}
      <ol class="attempts">
        {attempts.map((attempt) => (
          <AttemptItem key={attempt.number} attempt={attempt} timeZone={timeZone} longestMs={longestMs} />
        ))}
        {nextAttemptAt !== undefined && (
          <li class="attempt">
            <span class="marker scheduled">
              <StatusIcon sign="scheduled" />
            </span>
            <h3>
              {first === undefined ? 'First attempt' : 'Next attempt'} <Distance at={nextAttemptAt} />
            </h3>
            <p>
              due <Moment at={nextAttemptAt} timeZone={timeZone} precision="milliseconds" />
            </p>
          </li>
        )}
      </ol>
    </section>
  )
}

interface ItemProps {
  readonly attempt: Attempt
  readonly timeZone: string | undefined
  readonly longestMs: number
}

function AttemptItem({ attempt, timeZone, longestMs }: ItemProps) {
  const { number, dueAt, startedAt, latenessMs, durationMs, outcome, statusCode, error, responseBody } = attempt
  return (
    <li class="attempt">
      <span class={`marker ${outcome}`}>
        <StatusIcon sign={outcome} />
      </span>
      <h3>
        Attempt {number}: {outcomes[outcome]}
        {statusCode !== undefined && <code class="code">{statusCode}</code>}
      </h3>
      <p>
        due <Moment at={dueAt} timeZone={timeZone} precision="milliseconds" />, started{' '}
        <Moment at={startedAt} timeZone={timeZone} precision="milliseconds" />
      </p>
      <p class="lengths">
        <span class="track" aria-hidden="true">
          <span class="late" style={{ width: `${(100 * latenessMs) / longestMs}%` }} />
          <span class={`took ${outcome}`} style={{ width: `${(100 * durationMs) / longestMs}%` }} />
        </span>
        {formatDuration(latenessMs)} late, took {formatDuration(durationMs)}
      </p>
      {error !== undefined && <p class="error">{error}</p>}
      {responseBody !== undefined && responseBody !== '' && (
        <figure class="answer">
          <figcaption>The owner’s answer, up to its first KiB</figcaption>
          <pre tabIndex={0}>{responseBody}</pre>
        </figure>
      )}
    </li>
  )
}
