import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { Scope } from '../../support/directory.ts'

/** What a child process does when it is told to, by name. */
export type Commands = Readonly<Record<string, (argument: never) => unknown>>

/** A process of ours that takes commands, each of which is a whole measurement: what lies between costs nothing. */
export interface Child<C> {
  readonly pid: number
  call<K extends keyof C & string>(command: K, argument: Argument<C[K]>): Promise<Result<C[K]>>
  /** Has it close what it has open, and resolves when it has ended. */
  end(): Promise<void>
}

type Argument<F> = F extends (argument: infer A) => unknown ? A : never
type Result<F> = F extends (argument: never) => infer R ? Awaited<R> : never

interface Answer {
  readonly id: number
  readonly result?: unknown
  readonly error?: string
}

const endsWithinMs = 20_000

/**
 * Starts a script that `serve`s, and waits until it does.
 *
 * @param settings are told to the script as JSON, each as an argument
 */
export async function startChild<C>(scope: Scope, script: string, ...settings: readonly unknown[]): Promise<Child<C>> {
  const child = fork(
    new URL(script, import.meta.url),
    settings.map((each) => JSON.stringify(each)),
    { execArgv: [], serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
  )
  scope.teardown(() => child.kill('SIGKILL'))
  const exited = once(child, 'exit')
  const waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>()
  let calls = 0

  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve())
    child.once('exit', (code, signal) => reject(new Error(`${script} ended with ${code ?? signal} at start`)))
  })
  child.on('message', ({ id, result, error }: Answer) => {
    if (error === undefined) waiting.get(id)?.resolve(result)
    else waiting.get(id)?.reject(new Error(`${script}: ${error}`))
    waiting.delete(id)
  })
  child.once('exit', (code, signal) => {
    for (const { reject } of waiting.values()) reject(new Error(`${script} ended with ${code ?? signal}`))
  })

  return {
    pid: child.pid ?? 0,
    call(command, argument) {
      const id = calls++
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve: (result) => resolve(result as never), reject })
        child.send({ id, command, argument })
      })
    },
    async end() {
      const tooLong = setTimeout(() => child.kill('SIGKILL'), endsWithinMs)
      child.kill('SIGTERM')
      await exited
      clearTimeout(tooLong)
    },
  }
}
