import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Scope } from '../support/directory.ts'

/** What goes on in a second terminal. */
export interface Running {
  output(): string
  /** Resolves when it has printed this. */
  prints(text: string | RegExp): Promise<void>
  /** As Control-C does, to all that the terminal runs. */
  interrupt(): Promise<void>
}

/** A reader's shell: where commands are pasted, and what they export is still there for the next ones. */
export interface Terminal {
  /** Pastes it, and resolves with what it printed; rejects where a command fails. */
  paste(text: string): Promise<string>
  /** Pastes it into another terminal, where it goes on. */
  pasteBeside(text: string): Running
}

/** @param environment all that the shell begins with */
export function openTerminal(scope: Scope, directory: string, environment: Readonly<Record<string, string>>): Terminal {
  const environmentFile = join(directory, '..', 'environment')
  let env: Record<string, string> = { ...environment }

  /** Each in a group of its own, as a terminal has it. */
  function start(text: string): { child: ChildProcess; output: () => string } {
    const script = `set -eo pipefail\n${text}\nenv -0 > ${environmentFile}\n`
    const child = spawn('bash', ['-c', script], { cwd: directory, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        output += chunk.toString()
        child.emit('printed')
      })
    }
    return { child, output: () => output }
  }

  return {
    async paste(text) {
      const { child, output } = start(text)
      const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
      if (code !== 0) throw new Error(`ended with ${code ?? signal}:\n${text}\n\n${output()}`)
      const pairs = readFileSync(environmentFile, 'utf8').split('\0').filter(Boolean)
      env = Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]))
      return output()
    },

    pasteBeside(text) {
      const { child, output } = start(text)
      const exited = once(child, 'close')
      let hasEnded = false
      child.once('close', () => {
        hasEnded = true
        child.emit('printed')
      })
      const interrupt = async (): Promise<void> => {
        if (!hasEnded && child.pid !== undefined) process.kill(-child.pid, 'SIGINT')
        await exited
      }
      scope.teardown(interrupt)
      return {
        output,
        interrupt,
        async prints(wanted) {
          const isThere = (): boolean => (typeof wanted === 'string' ? output().includes(wanted) : wanted.test(output()))
          while (!isThere()) {
            if (hasEnded) throw new Error(`ended without printing ${String(wanted)}:\n${text}\n\n${output()}`)
            await once(child, 'printed')
          }
        },
      }
    },
  }
}
