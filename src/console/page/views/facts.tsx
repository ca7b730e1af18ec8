import type { ComponentChildren } from 'preact'
import { countOf, formatDuration } from '../format.ts'
import { Moment } from '../moment.tsx'
import type { Schedule } from '../types.ts'

interface Props {
  readonly schedule: Schedule
  readonly payload: string | undefined
}

/** Everything else that the service tells about a schedule. */
export function Facts({ schedule, payload }: Props) {
  return (
    <>
      <section class="card" aria-labelledby="request">
        <h2 id="request">The call</h2>
        <Call schedule={schedule} payload={payload} />
      </section>
      <section class="card" aria-labelledby="times">
        <h2 id="times">Times and identity</h2>
        <Times schedule={schedule} />
      </section>
    </>
  )
}

function Call({ schedule, payload }: Props) {
  const { method, url, headers } = schedule.target
  return (
    <>
      <p class="target">
        <code>
          {method} {url}
        </code>
      </p>
      {Object.keys(headers).length > 0 && (
        <dl class="facts">
          {Object.entries(headers).map(([name, value]) => (
            <Fact key={name} name={name}>
              <code>{value}</code>
            </Fact>
          ))}
        </dl>
      )}
      {payload === undefined ? (
        <p class="empty">Without a payload.</p>
      ) : (
        <pre class="payload" tabIndex={0} role="region" aria-label="Payload">
          {payload}
        </pre>
      )}
    </>
  )
}

function Times({ schedule }: { readonly schedule: Schedule }) {
  const { at, timeZone, localTime, nextAttemptAt, expiresAt, createdAt, updatedAt, finishedAt, retry, id, application } = schedule
  const moment = (at: string | undefined): ComponentChildren => at && <Moment at={at} timeZone={timeZone} precision="milliseconds" />
  return (
    <dl class="facts">
      <Fact name="Moment asked for">{moment(at)}</Fact>
      <Fact name="As a local time">
        {timeZone !== undefined && (
          <>
            {localTime ?? 'unknown here'} {timeZone}
          </>
        )}
      </Fact>
      <Fact name="Next attempt">{moment(nextAttemptAt)}</Fact>
      <Fact name="Expires">{moment(expiresAt)}</Fact>
      <Fact name="Created">{moment(createdAt)}</Fact>
      <Fact name="Last changed">{moment(updatedAt)}</Fact>
      <Fact name="Finished">{moment(finishedAt)}</Fact>
      <Fact name="Retries">
        {countOf(retry.maxAttempts, 'attempt')} at most, the second after {formatDuration(retry.initialDelaySeconds * 1000)}, then twice as
        long each time, up to {formatDuration(retry.maxDelaySeconds * 1000)}
      </Fact>
      <Fact name="Id (webhook-id)">
        <code>{id}</code>
      </Fact>
      <Fact name="Application">{application}</Fact>
    </dl>
  )
}

/** Left out where there is nothing to say. */
function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  if (children === undefined || children === false || children === '') return null
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
