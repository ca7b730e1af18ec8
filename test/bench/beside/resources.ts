import { lstat, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What these processes and all below them have in memory, in bytes; what they share is counted once. */
export async function memoryOf(pids: readonly number[]): Promise<number> {
  const all = new Set<number>()
  for (const pid of pids) for (const each of await treeOf(pid)) all.add(each)
  const sizes = await Promise.all([...all].map(proportionalBytes))
  return sizes.reduce((sum, size) => sum + size, 0)
}

/** The process and all that it has started. */
async function treeOf(pid: number): Promise<number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
  const below = await Promise.all(children.split(' ').filter(Boolean).map(Number).map(treeOf))
  return [pid, ...below.flat()]
}

/** Its proportional set size: a page that several processes share counts for each by its share. */
async function proportionalBytes(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '')
  return Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? 0) * 1024
}

const blockBytes = 512

/** What a directory takes up on the disk, in bytes. Files may come and go meanwhile. */
export async function diskOf(directory: string): Promise<number> {
  const names = await readdir(directory, { recursive: true }).catch(() => [])
  const sizes = await Promise.all(names.map(async (name) => (await lstat(join(directory, name)).catch(() => undefined))?.blocks ?? 0))
  return sizes.reduce((sum, blocks) => sum + blocks, 0) * blockBytes
}
