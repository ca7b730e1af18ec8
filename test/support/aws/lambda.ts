import { handler, type WakeUpEvent } from '../../../lambda/handler.ts'

/** What became of an invocation's attempt. */
export interface Invocation {
  readonly event: WakeUpEvent
  readonly attempt: number
  readonly error: Error | undefined
}

/** Lambda around the real handler: asynchronous invocations, tried three times, then given to the on-failure destination. */
export interface TestLambda {
  invoke(input: string): void
  readonly invocations: readonly Invocation[]
  /** The events that all attempts failed for. */
  readonly failed: readonly WakeUpEvent[]
  /** Resolves when nothing is under way or about to be tried again. */
  idle(): Promise<void>
}

interface Options {
  /** What the function was deployed for. */
  readonly publicUrl: string
  /** A minute and then two, as it is. */
  readonly retryDelaysMs?: readonly number[]
}

/**
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export function makeLambda({ publicUrl, retryDelaysMs = [60_000, 120_000] }: Options): TestLambda {
  const invocations: Invocation[] = []
  const failed: WakeUpEvent[] = []
  const underWay = new Set<Promise<void>>()

  async function run(event: WakeUpEvent): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      let error: Error | undefined
      try {
        // Read by the handler before it waits for anything, so that several functions can share this process.
        process.env.PUBLIC_URL = publicUrl
        await handler(event)
      } catch (thrown) {
        error = thrown as Error
      }
      invocations.push({ event, attempt, error })
      if (error === undefined) return
      const delayMs = retryDelaysMs[attempt - 1]
      if (delayMs === undefined) {
        failed.push(event)
        return
      }
      await new Promise((resolve) => setTimeout(resolve, delayMs))
    }
  }

  return {
    invoke(input) {
      const running = run(JSON.parse(input) as WakeUpEvent).finally(() => underWay.delete(running))
      underWay.add(running)
    },
    invocations,
    failed,
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay)
    },
  }
}
