import { useEffect, useState } from 'preact/hooks'
import { Dialog } from '../dialog.tsx'
import { countOf, formatCount } from '../format.ts'
import { nameField } from '../nameField.ts'
import { announce, announceFailure } from '../notice.tsx'
import { ProblemBox } from '../problemBox.tsx'
import { answered, Failure, service } from '../service.ts'
import { tell } from '../telling.ts'
import { useFocusOnMount } from '../useFocusOnMount.ts'
import { useAction } from './action.ts'
import { countPending, type Pending } from './pending.ts'

interface Props {
  readonly prefix: string
  readonly onClose: () => void
}

/** Cancels all that begin with a prefix: counted first, and confirmed by typing the prefix once more. */
export function CancelMany({ prefix, onClose }: Props) {
  const [counted, setCounted] = useState<string | undefined>()
  return (
    <Dialog title="Cancel by prefix" onClose={onClose}>
      {counted === undefined ? (
        <Question prefix={prefix} onAnswer={setCounted} onClose={onClose} />
      ) : (
        <Count prefix={counted} onClose={onClose} />
      )}
    </Dialog>
  )
}

function Question({ prefix, onAnswer, onClose }: Props & { readonly onAnswer: (prefix: string) => void }) {
  const [typed, setTyped] = useState(prefix)
  const field = useFocusOnMount<HTMLInputElement>()
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        onAnswer(typed)
      }}
    >
      <p>
        Every schedule whose name begins like this and that is still scheduled will be canceled, and never delivered. First they are
        counted.
      </p>
      <label>
        Name begins with
        <input {...nameField} ref={field} value={typed} required onInput={(event) => setTyped(event.currentTarget.value)} />
      </label>
      <div class="buttons">
        <button type="button" onClick={onClose}>
          Keep them
        </button>
        <button type="submit" class="primary">
          Count them
        </button>
      </div>
    </form>
  )
}

function Count({ prefix, onClose }: Props) {
  const [pending, setPending] = useState<Pending | undefined>()
  const [soFar, setSoFar] = useState(0)
  const [failure, setFailure] = useState<Failure | undefined>()

  useEffect(() => {
    const leaving = new AbortController()
    countPending(prefix, leaving.signal, setSoFar).then(setPending, (error: unknown) => {
      if (leaving.signal.aborted) return
      if (!(error instanceof Failure)) throw error
      setFailure(error)
    })
    return () => leaving.abort()
  }, [prefix])

  if (pending !== undefined && (pending.count > 0 || pending.isMore))
    return <Confirmation prefix={prefix} pending={pending} onClose={onClose} />
  return (
    <>
      {failure !== undefined && <ProblemBox failure={failure} />}
      <p role="status">
        {failure === undefined && pending === undefined && `Counting${soFar > 0 ? `, ${formatCount(soFar)} so far` : ''}…`}
        {pending !== undefined && `Nothing that begins with “${prefix}” is scheduled: there is nothing to cancel.`}
      </p>
      <div class="buttons">
        <button type="button" onClick={onClose}>
          Close
        </button>
      </div>
    </>
  )
}

function Confirmation({ prefix, pending, onClose }: Props & { readonly pending: Pending }) {
  const [typed, setTyped] = useState('')
  const field = useFocusOnMount<HTMLInputElement>()
  const action = useAction()
  const count = `${pending.isMore ? 'more than ' : ''}${countOf(pending.count, 'schedule')}`

  async function cancel(): Promise<void> {
    try {
      const { data } = await answered(service.DELETE('/schedules', { params: { query: { namePrefix: prefix } } }))
      announce(`Canceled ${countOf(data.canceled, 'schedule')} beginning with ${prefix}; left ${formatCount(data.skipped)} as they were.`)
      onClose()
    } catch (error) {
      // The dialog may have been closed meanwhile.
      if (error instanceof Failure) announceFailure(`Not all that begin with ${prefix} were canceled: ${tell(error).title}.`)
      throw error
    }
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (typed === prefix) action.start(cancel)
      }}
    >
      <p id="consequence">
        This cancels <strong>{count}</strong>
        {pending.examples.length > 0 && `, such as ${pending.examples.join(', ')}`}. It cannot be undone. What is being delivered, or has
        been, stays as it is.
      </p>
      <label>
        <span>
          Type <code>{prefix}</code> to confirm
        </span>
        <input
          {...nameField}
          ref={field}
          value={typed}
          required
          aria-describedby="consequence"
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
      </label>
      {action.failure !== undefined && (
        <>
          <ProblemBox failure={action.failure} />
          <p>Ask again: it goes on with what is left.</p>
        </>
      )}
      <div class="buttons">
        <button type="button" onClick={onClose}>
          Keep them
        </button>
        <button type="submit" class="danger" disabled={typed !== prefix || action.isBusy}>
          {action.isBusy ? 'Canceling…' : `Cancel ${count}`}
        </button>
      </div>
    </form>
  )
}
