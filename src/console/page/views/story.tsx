import type { JSX } from 'preact'
import { formatDuration } from '../format.ts'
import { Distance, Moment } from '../moment.tsx'
import type { Schedule } from '../types.ts'

/** What has become of a schedule, in a sentence. */
export function Story({ schedule }: { readonly schedule: Schedule }) {
  return (
    <p class="story">
      <Sentence schedule={schedule} />
    </p>
  )
}

function Sentence({ schedule }: { readonly schedule: Schedule }): JSX.Element {
  const { status, at, timeZone, nextAttemptAt, finishedAt, expiresAt, attempts } = schedule
  const [first, last] = [attempts[0], attempts.at(-1)]
  const finished = finishedAt === undefined ? null : <Moment at={finishedAt} timeZone={timeZone} />
  switch (status) {
    case 'scheduled':
      if (nextAttemptAt === undefined) {
        return <>It will expire before it is tried again.</>
      }
      return (
        <>
          {last === undefined ? 'Due ' : `Tried ${timesOf(last.number)} without success. Due again `}
          <Distance at={nextAttemptAt} />, at <Moment at={nextAttemptAt} timeZone={timeZone} />.
        </>
      )
    case 'delivering':
      return <>Being delivered now: how that ends is known within 20 seconds.</>
    case 'delivered':
      if (last === undefined || first === undefined) return <>Delivered.</>
      return (
        <>
          Delivered at {finished},{' '}
          {last.number === 1 ? `${formatDuration(first.latenessMs)} after its moment` : `by attempt ${last.number}`}.
        </>
      )
    case 'failed':
      return (
        <>
          Failed at {finished}, tried {timesOf(last?.number ?? 0)}
          {last?.statusCode === 410 ? ': its owner wants no more of it' : ''}.
        </>
      )
    case 'expired':
      return (
        <>
          It could not be delivered before it expired
          {expiresAt !== undefined && (
            <>
              , at <Moment at={expiresAt} timeZone={timeZone} />
            </>
          )}
          .
        </>
      )
    case 'canceled':
      return (
        <>
          Canceled at {finished}; it was to be delivered at <Moment at={at} timeZone={timeZone} />, and never is.
        </>
      )
  }
}

function timesOf(count: number): string {
  return count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`
}
