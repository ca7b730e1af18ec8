import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import type { Scope } from '../../support/directory.ts'

/** A database server of ours, on a port and in a directory of its own. */
export interface Server {
  readonly port: number
  readonly directory: string
  pid(): number
  /** Resolves when it accepts connections. */
  start(): Promise<void>
  /** Ends it as an operator would; what it keeps stays. */
  stop(): Promise<void>
}

interface Program {
  readonly command: readonly string[]
  /** Of setpriv: as whom it runs. */
  readonly as?: readonly string[]
  readonly port: number
  readonly directory: string
  /** What it prints when it accepts connections. */
  readonly isReady: RegExp
  readonly stopSignal: NodeJS.Signals
  /** Ends it in no time: nothing of it is needed any more. */
  readonly abandonSignal: NodeJS.Signals
}

const startsWithinMs = 60_000
const stopsWithinMs = 60_000

/** Keeps a program that serves: it ends with the scope, and in any case with this process. */
export function makeServer(scope: Scope, program: Program): Server {
  const { port, directory, command, as = [], isReady, stopSignal, abandonSignal } = program
  let child: ChildProcess | undefined

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    const tooLong = setTimeout(() => child?.kill('SIGKILL'), stopsWithinMs)
    child.kill(signal)
    await exited
    clearTimeout(tooLong)
  }
  scope.teardown(() => end(abandonSignal))

  return {
    port,
    directory,
    pid: () => child?.pid ?? 0,
    async start() {
      // In a process group of its own, so that Ctrl-C leaves its end to us; should we be killed, the kernel sees to it.
      const started = spawn('setpriv', ['--pdeathsig', abandonSignal.replace('SIG', ''), ...as, ...command], {
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: true,
        cwd: directory,
      })
      child = started
      await untilReady(started, isReady)
    },
    stop: () => end(stopSignal),
  }
}

async function untilReady(child: ChildProcessByStdio<null, Readable, Readable>, isReady: RegExp): Promise<void> {
  let output = ''
  let tooLong: NodeJS.Timeout | undefined
  await new Promise<void>((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`${child.spawnargs.join(' ')} ${why}\n${output}`))
    tooLong = setTimeout(() => fail('has not started in time'), startsWithinMs)
    for (const input of [child.stdout, child.stderr]) {
      // What it prints later is read, too, lest it wait for that.
      createInterface({ input }).on('line', (line) => {
        if (output.length < 10_000) output += `${line}\n`
        if (isReady.test(line)) resolve()
      })
    }
    child.once('error', reject)
    child.once('exit', (code) => fail(`ended with ${code} at start`))
  }).finally(() => clearTimeout(tooLong))
}
