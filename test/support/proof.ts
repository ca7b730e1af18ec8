import { cpus, release } from 'node:os'
import { parseArgs } from 'node:util'
import type { Scope } from './directory.ts'

/** What a run has seen: figures for people, and whatever broke a promise, which must be nothing. */
export interface Proof {
  readonly figures: readonly string[]
  readonly violations: readonly string[]
}

/** @param isShort as for every change, within a minute; else as long as the README's figures take */
export type Part = (scope: Scope, isShort: boolean) => Promise<Proof>

/** So many violations are shown; the rest is counted. */
const shown = 20

type Parts = Readonly<Record<string, Part>>

/**
 * Runs each part whose title has the word on the command line, prints what it has seen, and ends the process: with 1 where
 * a promise was broken. `--short` runs the short forms.
 *
 * @param parts may share the machine: short forms, which wait for most of their time, run two at once
 * @param timed measure time, and have the machine for themselves
 */
export async function prove(parts: Parts, timed: Parts = {}): Promise<never> {
  const { values, positionals } = parseArgs({ options: { short: { type: 'boolean', default: false } }, allowPositionals: true })
  const wanted = positionals[0] ?? ''
  const chosen = (some: Parts) => Object.entries(some).filter(([title]) => title.includes(wanted))
  const [sharing, alone] = [chosen(parts), chosen(timed)]
  if (sharing.length + alone.length === 0)
    throw new Error(`No part has "${wanted}" in its title: ${Object.keys({ ...parts, ...timed }).join('; ')}`)
  process.stdout.write(`${machine()}\n`)
  let broken = 0
  const runAll = async (queue: [string, Part][]): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const violations = await runPart(...next, values.short)
      broken += violations
    }
  }
  // Both end before an error of either ends the process: what they have started is stopped by themselves.
  const lanes = await Promise.allSettled(values.short ? [runAll(sharing), runAll(sharing)] : [runAll(sharing)])
  for (const lane of lanes) if (lane.status === 'rejected') throw lane.reason
  await runAll(alone)
  process.exit(broken === 0 ? 0 : 1)
}

/** @returns how many promises were broken */
async function runPart(title: string, part: Part, isShort: boolean): Promise<number> {
  const begun = performance.now()
  const { figures, violations } = await withScope((scope) => part(scope, isShort))
  const seconds = Math.round((performance.now() - begun) / 1000)
  const lines = [
    ...figures,
    `${violations.length} violations, in ${seconds} s`,
    ...violations.slice(0, shown).map((violation) => `VIOLATION ${violation}`),
  ]
  process.stdout.write(`\n${title}\n${lines.map((line) => `  ${line}\n`).join('')}`)
  return violations.length
}

/** When and on what something was measured. */
export function machine(): string {
  const [processor] = cpus()
  const day = new Date().toISOString().slice(0, 10)
  return `${day}, Node.js ${process.versions.node}, Linux ${release()}, ${cpus().length} × ${processor?.model.trim()}`
}

/** Does some work, and tidies up behind it, last first. */
export async function withScope<T>(work: (scope: Scope) => Promise<T>): Promise<T> {
  const endings: (() => unknown)[] = []
  try {
    return await work({ teardown: (ending) => endings.unshift(ending) })
  } finally {
    for (const end of endings) await end()
  }
}
