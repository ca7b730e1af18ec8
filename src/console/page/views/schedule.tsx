import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { Confirm } from '../actions/confirm.tsx'
import { type Move, movesOf, moveTitles } from '../actions/moves.ts'
import { Reschedule } from '../actions/reschedule.tsx'
import { useLoaded } from '../loaded.ts'
import { payloadOf } from '../payload.ts'
import { ProblemBox } from '../problemBox.tsx'
import { listHref } from '../route.ts'
import { answered, service } from '../service.ts'
import { StatusBadge } from '../statusBadge.tsx'
import type { Schedule } from '../types.ts'
import { Attempts } from './attempts.tsx'
import { Facts } from './facts.tsx'
import { Story } from './story.tsx'

/** A schedule, its payload as it was written, and which version of it this is. */
interface Read {
  readonly schedule: Schedule
  readonly payload: string | undefined
  readonly etag: string
}

interface Asked extends Read {
  readonly move: Move
}

/** One schedule: what it is, what has become of it, and what can be done about it. */
export function ScheduleView({ name }: { readonly name: string }) {
  const { data, failure, isLoading } = useLoaded({ load: (signal) => read(name, signal), key: name, refreshMs })
  // As it was when somebody began to decide: what it has become since must not be changed unseen.
  const [asked, setAsked] = useState<Asked | undefined>()
  const close = (): void => setAsked(undefined)
  const heading = useFocusKept(data?.schedule.status)
  return (
    <>
      <p class="crumbs">
        <a href={listHref({ status: 'scheduled' })}>Schedules</a>
      </p>
      <div class="head">
        <h1 tabIndex={-1} class="name" ref={heading}>
          {name}
        </h1>
        {data !== undefined && <StatusBadge sign={data.schedule.status} />}
        {data !== undefined && (
          <div class="buttons">
            {movesOf[data.schedule.status].map((move) => (
              <button key={move} type="button" class={move === 'cancel' ? 'danger quiet' : ''} onClick={() => setAsked({ ...data, move })}>
                {moveTitles[move]}…
              </button>
            ))}
          </div>
        )}
      </div>
      {failure !== undefined && <ProblemBox failure={failure} />}
      {data === undefined && failure === undefined && <p class="empty">Loading…</p>}
      {data !== undefined && (
        <div aria-busy={isLoading}>
          <Story schedule={data.schedule} />
          <Attempts schedule={data.schedule} />
          <Facts schedule={data.schedule} payload={data.payload} />
        </div>
      )}
      {asked !== undefined && asked.move === 'reschedule' && (
        <Reschedule schedule={asked.schedule} seen={{ name, etag: asked.etag }} onClose={close} />
      )}
      {asked !== undefined && asked.move !== 'reschedule' && (
        <Confirm move={asked.move} seen={{ name, etag: asked.etag }} onClose={close} />
      )}
    </>
  )
}

async function read(name: string, signal: AbortSignal): Promise<Read> {
  const { data, etag } = await answered(service.GET('/schedules/{name}', { params: { path: { name } }, parseAs: 'text', signal }))
  return { schedule: JSON.parse(data) as Schedule, payload: payloadOf(data), etag: etag ?? '*' }
}

/** Where the button that was pressed is gone, since it is not possible any more, the focus is at the heading, and not lost. */
function useFocusKept(status: string | undefined) {
  const heading = useRef<HTMLHeadingElement>(null)
  const last = useRef(status)
  useLayoutEffect(() => {
    const isChanged = last.current !== undefined && last.current !== status
    last.current = status
    if (isChanged && document.activeElement === document.body) heading.current?.focus({ preventScroll: true })
  }, [status])
  return heading
}

/** What is about to happen is watched as it happens. */
function refreshMs(read: Read | undefined): number {
  if (read === undefined) return 10_000
  const { status, nextAttemptAt } = read.schedule
  const isNear = nextAttemptAt !== undefined && Date.parse(nextAttemptAt) - Date.now() < 10_000
  return status === 'delivering' || isNear ? 1000 : 10_000
}
