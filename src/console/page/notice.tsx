import { signal } from '@preact/signals'

interface Notice {
  readonly text: string
  /** Of a failure: it is told at once. */
  readonly isUrgent: boolean
}

const notice = signal<Notice | undefined>(undefined)

/** Tells what has come of an action, also to whoever listens to the page. */
export function announce(text: string): void {
  notice.value = { text, isUrgent: false }
}

export function announceFailure(text: string): void {
  notice.value = { text, isUrgent: true }
}

export function clearNotice(): void {
  notice.value = undefined
}

/** There all the time: what appears together with its text is not read out. */
export function Notices() {
  const { text, isUrgent } = notice.value ?? { text: '', isUrgent: false }
  return (
    <div class={text === '' ? 'notices' : `notices shown${isUrgent ? ' urgent' : ''}`}>
      <div role="status">{isUrgent ? '' : text}</div>
      <div role="alert">{isUrgent ? text : ''}</div>
      {text !== '' && (
        <button type="button" class="quiet" onClick={clearNotice}>
          Dismiss
        </button>
      )}
    </div>
  )
}
