import { readFileSync } from 'node:fs'
import type { Scope } from '../support/directory.ts'

const sampleEveryMs = 100

/** The most resident memory that a process was seen with, in MB. */
export interface MemoryWatch {
  now(): number
  /** Since it was last asked. */
  peak(): number
}

export function watchMemory(scope: Scope, pid: number): MemoryWatch {
  let most = 0
  const now = (): number => {
    const mb = residentMemory(pid)
    most = Math.max(most, mb)
    return mb
  }
  const timer = setInterval(now, sampleEveryMs)
  scope.teardown(() => clearInterval(timer))
  return {
    now,
    peak() {
      now()
      const peak = most
      most = 0
      return peak
    },
  }
}

/** In MB; NaN of a process that has ended. */
function residentMemory(pid: number): number {
  try {
    const kib = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return Math.round(Number(kib) / 1024)
  } catch {
    return Number.NaN
  }
}
