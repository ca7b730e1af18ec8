import { Dialog } from '../dialog.tsx'
import { announce } from '../notice.tsx'
import { ProblemBox } from '../problemBox.tsx'
import { answered, service } from '../service.ts'
import { useFocusOnMount } from '../useFocusOnMount.ts'
import { useAction } from './action.ts'
import { type Move, moveTitles } from './moves.ts'

/** A schedule as somebody has seen it: what is done about it is done only if it is still that. */
export interface Seen {
  readonly name: string
  readonly etag: string
}

interface Props {
  readonly move: Exclude<Move, 'reschedule'>
  readonly seen: Seen
  readonly onClose: () => void
}

/** What will happen, what to say once it has, and how to ask for it. */
const moves = {
  run: {
    consequence: 'It is delivered at once, ahead of its time, and not again at its time.',
    done: 'is being delivered.',
    ask: run,
  },
  retry: {
    consequence: 'It is delivered at once, with all its attempts anew, under the same webhook-id.',
    done: 'is being delivered once more.',
    ask: run,
  },
  repeat: {
    consequence:
      'It has been delivered already. It is delivered once more, under the same webhook-id: an owner that knows it will do nothing twice.',
    done: 'is being delivered once more.',
    ask: run,
  },
  cancel: {
    consequence: 'It is never delivered then. That cannot be undone, but the name can be used again.',
    done: 'is canceled.',
    ask: cancel,
  },
} as const

/** Asks whether somebody really wants to, and does it. */
export function Confirm({ move, seen, onClose }: Props) {
  const { consequence, done, ask } = moves[move]
  const action = useAction()
  const button = useFocusOnMount<HTMLButtonElement>()
  const title = moveTitles[move]

  async function doIt(): Promise<void> {
    await ask(seen)
    announce(`${seen.name} ${done}`)
    onClose()
  }

  return (
    <Dialog title={`${title}: ${seen.name}`} onClose={onClose}>
      <p>{consequence}</p>
      {action.failure !== undefined && <ProblemBox failure={action.failure} />}
      <div class="buttons">
        <button type="button" ref={button} onClick={onClose}>
          {action.failure === undefined ? 'Leave it' : 'Close'}
        </button>
        <button type="button" class={move === 'cancel' ? 'danger' : 'primary'} disabled={action.isBusy} onClick={() => action.start(doIt)}>
          {move === 'cancel' ? 'Cancel the schedule' : title}
        </button>
      </div>
    </Dialog>
  )
}

function run({ name, etag }: Seen): Promise<unknown> {
  return answered(service.POST('/schedules/{name}/run', { params: { path: { name }, header: { 'if-match': etag } } }))
}

function cancel({ name, etag }: Seen): Promise<unknown> {
  return answered(service.DELETE('/schedules/{name}', { params: { path: { name }, header: { 'if-match': etag } } }))
}
