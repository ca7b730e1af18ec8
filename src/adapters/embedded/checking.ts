import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants, setPriority } from 'node:os'
import { text } from 'node:stream/consumers'

const script = new URL('./checkStore.ts', import.meta.url).pathname

/** A look at all of a store, in a process of its own: that can be ended at any moment, whatever it is reading, and fails alone. */
export interface Checking {
  /** What is wrong with the store; undefined: nothing, or it was ended. */
  readonly finding: Promise<string | undefined>
  end(): void
}

export function startChecking(file: string): Checking {
  // Rows by the million pass through it: with a small young generation it takes 100 MB instead of 260.
  const child = spawn(process.execPath, ['--max-semi-space-size=1', script, file], { stdio: ['ignore', 'pipe', 'pipe'] })
  if (child.pid !== undefined) yieldToOthers(child.pid)
  return { finding: findingOf(child), end: () => void child.kill('SIGKILL') }
}

/** Nothing is late on its account; at the very lowest priority it would keep the log from starting anew for too long. */
function yieldToOthers(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // It has ended already, or that is not possible here.
  }
}

async function findingOf(child: ChildProcess): Promise<string | undefined> {
  const { stdout, stderr } = child
  if (stdout === null || stderr === null) throw new Error('it says nothing')
  const [[code], said, complaint] = await Promise.all([once(child, 'close'), text(stdout), text(stderr)])
  if (code === null) return undefined
  if (code !== 0) throw new Error(complaint.trim())
  return said === '' ? undefined : said
}
