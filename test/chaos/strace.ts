import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { storeFile } from '../../src/adapters/embedded/database.ts'

/** The files of a store that are written and synced; the wal-index beside them is shared memory. */
export const storeFiles = [storeFile, `${storeFile}-wal`] as const

export const writes = ['pwrite64', 'ftruncate', 'fsync', 'fdatasync'] as const

/** What a power loss has to do with: in the order in which the kernel was asked, times in milliseconds since the epoch. */
export type Syscall =
  | { readonly kind: 'write'; readonly file: string; readonly at: number; readonly offset: number; readonly bytes: Buffer }
  | { readonly kind: 'truncate'; readonly file: string; readonly at: number; readonly length: number }
  /** Everything that was written before `at` is on the disk from `doneAt` on. */
  | { readonly kind: 'sync'; readonly file: string; readonly at: number; readonly doneAt: number }

/** strace's command line for a program that writes a store in this directory; it looks at nothing else. */
export function strace(dataDir: string, ...options: string[]): string[] {
  if (!existsSync('/usr/bin/strace')) throw new Error('strace is missing: apt-get install strace')
  // The journal is there while a file is made, or changes its mode.
  const paths = [...storeFiles, `${storeFile}-journal`].flatMap((file) => ['-P', join(dataDir, file)])
  // -D: the service stays a child of whoever starts it.
  return ['/usr/bin/strace', '-D', '-f', ...paths, '-e', `trace=${writes.join(',')},unlink`, ...options]
}

/** Whether every byte that is written is to be in the record. */
export function recordAll(record: string): string[] {
  return ['-ttt', '-T', '-y', '-xx', '-s', '1000000', '-o', record]
}

/** Reads what strace has recorded, once the program has ended. */
export async function readSyscalls(record: string, pid: number): Promise<Syscall[]> {
  const isEnd = (line: string): boolean => line.startsWith(`${pid} `) && line.includes('+++')
  let lines: string[] = []
  while (!lines.some(isEnd)) {
    await sleep(50)
    lines = readFileSync(record, 'latin1').split('\n')
  }
  return parse(lines)
}

/** `1234 1795551223.514729 fsync(21</path>) = 0 <0.000123>`, or in two lines, unfinished and resumed. */
function parse(lines: readonly string[]): Syscall[] {
  const syscalls: Syscall[] = []
  const unfinished = new Map<string, { readonly begun: string; readonly at: number; readonly index: number }>()
  for (const line of lines) {
    const [, thread = '', time = '', rest = ''] = /^(\d+) +([\d.]+) (.*)$/.exec(line) ?? []
    if (rest === '' || rest.startsWith('+++') || rest.startsWith('---')) continue
    const at = Number(time) * 1000
    if (rest.endsWith('<unfinished ...>')) {
      // Its place is where it was begun.
      unfinished.set(thread, { begun: rest, at, index: syscalls.length })
      const begun = syscallOf(rest, at, Number.POSITIVE_INFINITY)
      if (begun !== undefined) syscalls.push(begun)
      continue
    }
    const before = rest.startsWith('<...') ? unfinished.get(thread) : undefined
    if (before === undefined) {
      const syscall = syscallOf(rest, at, at + durationOf(rest))
      if (syscall !== undefined && !/ = -1 /.test(rest)) syscalls.push(syscall)
      continue
    }
    unfinished.delete(thread)
    const ended = syscallOf(before.begun, before.at, at)
    if (ended !== undefined) syscalls[before.index] = ended
  }
  return syscalls
}

function durationOf(text: string): number {
  return Number(/<([\d.]+)>$/.exec(text)?.[1] ?? 0) * 1000
}

function syscallOf(text: string, at: number, doneAt: number): Syscall | undefined {
  const [, name, path = '', rest = ''] = /^(\w+)\(\d+<([^>]*)>(.*)$/.exec(text) ?? []
  const file = fromHex(path).toString().split('/').at(-1) ?? ''
  if (name === 'fsync' || name === 'fdatasync') return { kind: 'sync', file, at, doneAt }
  if (name === 'ftruncate') return { kind: 'truncate', file, at, length: Number(/^, (\d+)/.exec(rest)?.[1]) }
  const [, hex = '', offset] = /^, "([^"]*)", \d+, (\d+)/.exec(rest) ?? []
  return name === 'pwrite64' ? { kind: 'write', file, at, offset: Number(offset), bytes: fromHex(hex) } : undefined
}

function fromHex(text: string): Buffer {
  return Buffer.from(text.replaceAll('\\x', ''), 'hex')
}
