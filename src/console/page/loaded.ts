import { signal } from '@preact/signals'
import { useEffect, useRef, useState } from 'preact/hooks'
import { Failure } from './service.ts'

/** What was asked of the service, and what has become of that. */
export interface Loaded<Data> {
  /** The last that there was; while something else is loaded, still that. */
  readonly data?: Data | undefined
  /** Why there is nothing newer. */
  readonly failure?: Failure
  readonly isLoading: boolean
}

/** Increased, everything that is shown is loaded again. */
const refreshes = signal(0)

/** When something was last loaded, in milliseconds since the epoch. */
export const loadedAt = signal<number | undefined>(undefined)

export function refresh(): void {
  refreshes.value++
}

interface Options<Data> {
  /** Asks the service. */
  readonly load: (signal: AbortSignal) => Promise<Data>
  /** What is loaded: where it is another, it is loaded at once. */
  readonly key: string
  /** How long after an answer it is asked again, in milliseconds. */
  readonly refreshMs: number | ((data: Data | undefined) => number)
}

/** Loads, and loads again after a while: but not while nobody can see it. */
export function useLoaded<Data>(options: Options<Data>): Loaded<Data> {
  const [loaded, setLoaded] = useState<Loaded<Data>>({ isLoading: true })
  const latest = useRef(options)
  latest.current = options
  const { key } = options
  const loadedKey = useRef<string | undefined>(undefined)

  useEffect(() => {
    const leaving = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    let isDue = false

    function again(data: Data | undefined): void {
      const { refreshMs } = latest.current
      timer = setTimeout(
        () => {
          isDue = true
          loadIfSeen()
        },
        typeof refreshMs === 'number' ? refreshMs : refreshMs(data),
      )
    }

    function loadIfSeen(): void {
      if (isDue && !document.hidden) void load()
    }

    async function load(): Promise<void> {
      isDue = false
      setLoaded((previous) => ({ ...previous, isLoading: true }))
      try {
        const data = await latest.current.load(leaving.signal)
        if (leaving.signal.aborted) return
        loadedAt.value = Date.now()
        loadedKey.current = key
        setLoaded({ data, isLoading: false })
        again(data)
      } catch (error) {
        if (leaving.signal.aborted) return
        if (!(error instanceof Failure)) throw error
        // What was there stays, but not where it is something else.
        setLoaded(({ data }) => ({ data: loadedKey.current === key ? data : undefined, failure: error, isLoading: false }))
        again(undefined)
      }
    }

    document.addEventListener('visibilitychange', loadIfSeen)
    void load()
    return () => {
      leaving.abort()
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', loadIfSeen)
    }
  }, [key, refreshes.value])

  return loaded
}
