import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

const main = new URL('../../src/main.ts', import.meta.url).pathname

/** As `npm start` has it. */
const flags = ['--max-semi-space-size=4']

/** Spares each of the many processes of a test run a third of its start. */
const compileCache = join(tmpdir(), 'punctual-compile-cache')

/** The real service in a process of its own. */
export interface RunningService {
  readonly url: string
  readonly pid: number
  /** From the start of the process to the moment it said where it listens, in milliseconds. */
  readonly readyMs: number
  /** All that it has printed so far. */
  output(): string
  /** Sends a signal and resolves with the exit code, or the signal that ended it. */
  end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals>
}

interface StartOptions {
  readonly dataDir: string
  /** No file can grow beyond this, in KiB: what a full disk is like. */
  readonly fileLimitKib?: number | undefined
  /** A program, and its arguments, that runs the service's command. */
  readonly under?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

/** As an operator would: without the test runner's hooks, which it gives every process that it sees being started. */
function launch({ dataDir, env = {}, fileLimitKib, under = [] }: StartOptions): ChildProcessByStdio<null, Readable, Readable> {
  const limit = fileLimitKib === undefined ? '' : `ulimit -f ${fileLimitKib};`
  const [program, ...args] = [...under, process.execPath, ...flags, main]
  return spawn('bash', ['-c', `unset NODE_OPTIONS; ${limit} exec "$0" "$@"`, program, ...args], {
    env: { PATH: process.env.PATH, PORT: '0', DATA_DIR: dataDir, NODE_COMPILE_CACHE: compileCache, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** Starts the service on a free port and waits until it listens. */
export async function startService(options: StartOptions): Promise<RunningService> {
  const begun = performance.now()
  const child = launch(options)
  let output = ''
  child.stderr.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      output += `${line}\n`
      const address = /^ {2}listening +(\S+)$/.exec(line)?.[1]
      if (address !== undefined) resolve(address)
    })
    child.once('exit', (code) => reject(new Error(`the service ended with ${code} at start:\n${output}`)))
  })
  const readyMs = performance.now() - begun
  return { url, pid: child.pid ?? 0, readyMs, output: () => output, end: (signal) => end(child, signal) }
}

/** Runs the service to its end, for starts that are refused. */
export async function runService({ dataDir, env = {} }: StartOptions): Promise<{ code: number | null; output: string }> {
  const child = launch({ dataDir, env })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
  }
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, output }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | NodeJS.Signals> {
  if (child.exitCode === null && child.signalCode === null) {
    const exited = once(child, 'close')
    child.kill(signal)
    await exited
  }
  return child.signalCode ?? child.exitCode ?? Number.NaN
}
