import { readdirSync, readFileSync } from 'node:fs'

/** The kernel counts in hundredths of a second. */
const microsecondsOfTick = 10_000

/** The CPU time that each thread of a process has used so far, in microseconds, by its number and name. */
export function cpuOfThreads(pid: number): ReadonlyMap<string, number> {
  return new Map(readdirSync(`/proc/${pid}/task`).map((thread) => cpuOf(`/proc/${pid}/task/${thread}/stat`)))
}

/** @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
function cpuOf(file: string): [thread: string, microseconds: number] {
  const text = readFileSync(file, 'utf8')
  const name = text.slice(0, text.lastIndexOf(')') + 1)
  // From the state, the third field, on: user and system time are the 14th and the 15th.
  const fields = text.slice(name.length + 1).split(' ')
  return [name, (Number(fields[11]) + Number(fields[12])) * microsecondsOfTick]
}

/** What each thread has used between two looks for each of so many operations, the most first. */
export function cpuPerOperation(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>, operations: number): string[] {
  const used = [...after].map(([thread, cpu]) => ({ thread, each: (cpu - (before.get(thread) ?? 0)) / operations }))
  const all = used.reduce((sum, { each }) => sum + each, 0)
  const shown = used.filter(({ each }) => each >= 1).toSorted((a, b) => b.each - a.each)
  return [
    ...shown.map(({ thread, each }) => `${each.toFixed(1).padStart(8)} µs  ${thread}`),
    `${all.toFixed(1).padStart(8)} µs  all threads`,
  ]
}
