import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** How many sockets a process has open. */
export function socketsOf(pid: number): number {
  const directory = `/proc/${pid}/fd`
  return readdirSync(directory).filter((file) => {
    try {
      return readlinkSync(`${directory}/${file}`).startsWith('socket:')
    } catch {
      // Closed meanwhile.
      return false
    }
  }).length
}

/** The resident memory of a process, in MB: now, and at most so far. */
export function memoryOf(pid: number): { readonly now: number; readonly peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const inMb = (field: string): number => Math.round(Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024)
  return { now: inMb('VmRSS'), peak: inMb('VmHWM') }
}
