import { useRef, useState } from 'preact/hooks'
import { refresh } from '../loaded.ts'
import { Failure } from '../service.ts'

/** Something that somebody has the service do. */
export interface Action {
  readonly isBusy: boolean
  readonly failure: Failure | undefined
  /** Does it, once at a time; what is shown is loaded again, whatever has come of it. */
  start(work: () => Promise<void>): void
}

export function useAction(): Action {
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Failure | undefined>()
  const busy = useRef(false)

  async function run(work: () => Promise<void>): Promise<void> {
    busy.current = true
    setBusy(true)
    setFailure(undefined)
    try {
      await work()
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      setFailure(error)
    } finally {
      busy.current = false
      setBusy(false)
      refresh()
    }
  }

  return {
    isBusy,
    failure,
    start: (work) => {
      if (!busy.current) void run(work)
    },
  }
}
