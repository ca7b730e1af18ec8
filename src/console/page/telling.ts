import { formatDuration } from './format.ts'
import type { Failure } from './service.ts'
import type { Problem } from './types.ts'

/** A failure in words: what it is, and what to do about it. */
export interface Told {
  readonly title: string
  readonly advice: string
  /** What to change, where the request was at fault. */
  readonly errors: readonly { readonly pointer: string; readonly message: string }[]
}

export function tell({ status, problem, retryAfterSeconds }: Pick<Failure, 'status' | 'problem' | 'retryAfterSeconds'>): Told {
  if (status === undefined) {
    return told('The service does not answer', 'It may be starting, or the way to it is broken. What is shown may be out of date.')
  }
  if (problem === undefined) {
    return told(`Answered ${status}`, 'That is no answer of Punctual’s own: look at what stands before it, such as a proxy.')
  }
  const wait = retryAfterSeconds === undefined ? 'in a moment' : `in ${formatDuration(retryAfterSeconds * 1000)}`
  const advice = adviceFor(problem, wait)
  return { title: problem.title, advice: advice === '' ? problem.detail : `${problem.detail} ${advice}`, errors: problem.errors ?? [] }
}

function adviceFor({ code }: Problem, wait: string): string {
  switch (code) {
    case 'not_found':
      return 'Finished schedules are removed after a while, and a name may have been mistyped.'
    case 'being_delivered':
      return 'It takes 20 seconds at most until it is known how that ends; then try again, if there is still need.'
    case 'already_finished':
      return 'Look at how it ended; a new one can be made under the same name.'
    case 'precondition_failed':
      return 'Nothing was done. Look at what it is now, and decide again.'
    case 'too_many_requests':
    case 'too_many_pending':
      return `Nothing was done; try again ${wait}.`
    case 'unavailable':
      return `Look at whether it was done, and try again ${wait}.`
    default:
      return ''
  }
}

function told(title: string, advice: string): Told {
  return { title, advice, errors: [] }
}
