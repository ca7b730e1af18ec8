import { once } from 'node:events'
import { parentPort, Worker, workerData } from 'node:worker_threads'
import { AppError, StartRefused } from '../../domain/errors.ts'

/** An operation's name and its arguments. */
export type Operation = readonly [name: string, ...args: unknown[]]
export type Outcome = { readonly value: unknown } | { readonly error: unknown }

export type Operations = Record<string, (...args: never[]) => unknown>

interface Work {
  /** Carries out operations and answers in their order. */
  execute(batch: readonly Operation[]): Outcome[]
  close(): void
}

type Message = { readonly ready: true } | { readonly refused: string } | { readonly outcomes: readonly Outcome[]; readonly tookMs: number }

/**
 * The thread's side: opens the database, then carries out one batch after the other until it is told to close.
 *
 * @param open given the database's file
 */
export function serve(open: (file: string) => Work): void {
  const port = parentPort
  if (port === null) throw new Error('this file is a thread of the store')
  const say = (message: Message): void => port.postMessage(message)
  let work: Work
  try {
    work = open((workerData as { file: string }).file)
  } catch (error) {
    say({ refused: error instanceof Error ? error.message : String(error) })
    return
  }
  port.on('message', (batch: readonly Operation[] | 'close') => {
    if (batch !== 'close') {
      const begun = performance.now()
      const outcomes = work.execute(batch)
      say({ outcomes, tookMs: performance.now() - begun })
      return
    }
    work.close()
    port.close()
  })
  say({ ready: true })
}

/** Carries out a single operation; what it throws is its outcome. */
export function outcomeOf(operations: Operations, [name, ...args]: Operation): Outcome {
  try {
    const operation = operations[name]
    if (operation === undefined) throw new Error(`the store's thread knows no operation ${name}`)
    return { value: operation(...(args as never[])) }
  } catch (error) {
    return { error }
  }
}

/** While the thread is at work on one batch, the next one may wait in its queue, so that it never stands idle. */
const batchesInFlight = 2

interface Pending {
  readonly operation: Operation
  readonly askedAt: number
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

/** A thread as the service sees it. */
export interface Thread<O extends Operations> {
  /**
   * Has one operation carried out. All that are asked for while the thread is busy go to it as one batch.
   *
   * @throws AppError `unavailable` where it failed, or the thread is gone
   */
  call<K extends keyof O & string>(name: K, ...args: Parameters<O[K]>): Promise<ReturnType<O[K]>>
  /** Resolves once everything asked for before has been done and the file is closed. */
  close(): Promise<void>
}

/**
 * Starts a thread of the store.
 *
 * @param script the thread's file, which calls `serve`
 * @param onBatch told of every batch: the names of its operations, how long the first had waited, and how long all took
 * @throws StartRefused where the database cannot be used
 */
export async function startThread<O extends Operations>(
  script: URL,
  file: string,
  onBatch: (names: readonly string[], waitedMs: number, tookMs: number) => void = () => undefined,
): Promise<Thread<O>> {
  // What is preloaded for the service (a tracing SDK, say) is not for its threads; Node reads NODE_OPTIONS for each anew.
  const worker = new Worker(script, { workerData: { file }, execArgv: [], env: { ...process.env, NODE_OPTIONS: '' } })
  const died = once(worker, 'exit').then(() => {
    throw new Error("the store's thread ended before it had begun")
  })
  const [first] = (await Promise.race([once(worker, 'message'), died])) as [Message]
  if ('refused' in first) {
    await worker.terminate()
    throw new StartRefused(first.refused)
  }

  let waiting: Pending[] = []
  const inFlight: Pending[][] = []
  let flushing = false
  let gone: Error | undefined
  let closing = false

  function flush(): void {
    flushing = false
    if (waiting.length === 0 || inFlight.length >= batchesInFlight) return
    const batch = waiting
    waiting = []
    inFlight.push(batch)
    worker.postMessage(batch.map(({ operation }) => operation))
  }

  function flushSoon(): void {
    if (flushing) return
    flushing = true
    // Not at once: what else this turn of the event loop asks for shares the batch.
    setImmediate(flush)
  }

  worker.on('message', (message: Message) => {
    if (!('outcomes' in message)) return
    const batch = inFlight.shift() ?? []
    const [first] = batch
    if (first !== undefined) {
      const waitedMs = performance.now() - first.askedAt - message.tookMs
      onBatch(
        batch.map(({ operation: [name] }) => name),
        waitedMs,
        message.tookMs,
      )
    }
    message.outcomes.forEach((outcome, index) => {
      const pending = batch[index]
      if ('value' in outcome) pending?.resolve(outcome.value)
      else pending?.reject(unavailable(outcome.error))
    })
    flushSoon()
  })
  worker.on('error', (error) => {
    gone = error instanceof Error ? error : new Error(String(error))
  })
  worker.on('exit', () => {
    const isExpected = closing
    const reason = gone ?? new Error("the store's thread has ended")
    closing = true
    gone = reason
    for (const { reject } of [...inFlight.flat(), ...waiting]) reject(unavailable(reason))
    inFlight.length = 0
    waiting = []
    if (isExpected) return
    // Nothing can be done without it. Once everybody has been told, an error that nobody catches ends the process, which
    // can then start anew on a sound footing.
    setImmediate(() => {
      throw reason
    })
  })

  return {
    call(name, ...args) {
      return new Promise((resolve, reject) => {
        if (closing) {
          reject(unavailable(gone ?? new Error('the store is closed')))
          return
        }
        waiting.push({ operation: [name, ...args], askedAt: performance.now(), resolve: resolve as (value: unknown) => void, reject })
        flushSoon()
      })
    },

    async close() {
      if (closing) return
      closing = true
      const exited = once(worker, 'exit')
      const rest = waiting
      waiting = []
      inFlight.push(rest)
      worker.postMessage(rest.map(({ operation }) => operation))
      worker.postMessage('close')
      await exited
    },
  }
}

function unavailable(cause: unknown): AppError {
  return new AppError('unavailable', 'The store cannot do its work right now. Nothing was changed; try again.', {
    cause,
    retryAfterSeconds: 1,
  })
}
