import type { Scope } from '../../support/directory.ts'
import { startChild } from './child.ts'
import type { SinkCommands } from './sinkProcess.ts'

/** The application that is called, in a process of its own. */
export interface Sink {
  readonly origin: string
  /**
   * Waits for so many different jobs, from the last such wait on.
   *
   * @returns for each, the wall clock's milliseconds between `at` and the moment when the sink had the call's headers
   */
  waitFor(count: number, withinMs: number): Promise<number[]>
}

export async function startSink(scope: Scope): Promise<Sink> {
  const child = await startChild<SinkCommands>(scope, './sinkProcess.ts')
  return {
    origin: await child.call('origin', null),
    waitFor: (count, withinMs) => child.call('waitFor', { count, withinMs }),
  }
}
