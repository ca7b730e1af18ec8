import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../../..')

interface CallFrame {
  readonly functionName: string
  readonly url: string
  readonly lineNumber: number
}

interface CpuProfile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: CallFrame; readonly children?: readonly number[] }[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

interface HeapNode {
  readonly callFrame: CallFrame
  readonly selfSize: number
  readonly children: readonly HeapNode[]
}

/** Where the main thread's time went, idle or not: the functions that took most of it themselves, in shares of all. */
export function timeByFunction(directory: string, count: number): string[] {
  const { nodes, samples, timeDeltas } = read(directory, '.cpuprofile') as CpuProfile
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]))
  return top(
    samples.map((id, index) => [names.get(id) ?? '', timeDeltas[index] ?? 0]),
    count,
  )
}

/** Where its time went by whose code it was, in shares of the time that it was at work: of Node's own, whose call led there. */
export function timeByPackage(directory: string): string[] {
  const { nodes, samples, timeDeltas } = read(directory, '.cpuprofile') as CpuProfile
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)))
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]))
  const packageOf = (id: number | undefined): string => {
    if (id === undefined) return "Node.js, on nobody's call"
    const { functionName, url = '' } = frames.get(id) ?? {}
    if (functionName?.startsWith('(') && functionName !== '(root)') return functionName
    return packageNameOf(url) ?? packageOf(parents.get(id))
  }
  const times = samples.map((id, index) => [packageOf(id), timeDeltas[index] ?? 0] as const)
  return top(
    times.filter(([name]) => name !== '(idle)'),
    12,
  )
}

function packageNameOf(url: string): string | undefined {
  const name = url
    .split('node_modules/')
    .slice(1)
    .at(-1)
    ?.match(/^(@[^/]+\/[^/]+|[^/]+)/)?.[0]
  if (name !== undefined) return /^@(aws-|smithy)/.test(name) ? 'the AWS SDK' : name
  return url.startsWith(`file://${root}/`) ? url.slice(`file://${root}/`.length).split('/').slice(0, 2).join('/') : undefined
}

/** What the main thread has allocated and not let go of yet, by the functions that did. */
export function allocationsByFunction(directory: string, count: number): string[] {
  const sizes: [string, number][] = []
  const walk = ({ callFrame, selfSize, children }: HeapNode): void => {
    sizes.push([nameOf(callFrame), selfSize])
    children.forEach(walk)
  }
  walk((read(directory, '.heapprofile') as { readonly head: HeapNode }).head)
  return top(sizes, count)
}

/** Node writes one for each thread; the first is the main thread's. */
function read(directory: string, ending: string): unknown {
  const file = readdirSync(directory).find((name) => name.includes('.0.') && name.endsWith(ending))
  if (file === undefined) throw new Error(`there is no profile in ${directory}`)
  return JSON.parse(readFileSync(join(directory, file), 'utf8'))
}

function nameOf({ functionName, url, lineNumber }: CallFrame): string {
  const place = url === '' ? '' : `  ${url.replace(`file://${root}/`, '')}:${lineNumber + 1}`
  return `${functionName || '(anonymous)'}${place}`
}

function top(parts: readonly (readonly [name: string, size: number])[], count: number): string[] {
  const sums = new Map<string, number>()
  for (const [name, size] of parts) sums.set(name, (sums.get(name) ?? 0) + size)
  const all = [...sums.values()].reduce((sum, size) => sum + size, 0)
  return [...sums]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, count)
    .map(([name, size]) => `${((100 * size) / all).toFixed(1).padStart(8)} %   ${name}`)
}
