import { readFile } from 'node:fs/promises'
import { startService } from '../support/service.ts'
import { createMany } from './createMany.ts'
import { withDirectory } from './directory.ts'

const count = 100_000

/** What 100,000 pending schedules cost at start: time to ready, and resident memory. */
export async function pending(): Promise<string[]> {
  return withDirectory(async (dataDir) => {
    const empty = await measure(`${dataDir}/empty`)
    const full = `${dataDir}/full`
    const service = await startService({ dataDir: full })
    await createMany(service.url, count, (index) => ({
      delaySeconds: 86_400 + index,
      target: { url: 'http://localhost:3000/hook' },
      payload: { index, text: 'hello, this is the text of a post that is to be published later' },
    }))
    await service.end('SIGTERM')
    const filled = await measure(full)
    return [line('empty', empty), line('100,000 pending', filled)]
  })
}

interface Start {
  readonly readyMs: number
  readonly rssMb: number
}

async function measure(dataDir: string): Promise<Start> {
  const starts: Start[] = []
  for (let round = 0; round < 3; round++) {
    const service = await startService({ dataDir })
    await fetch(`${service.url}/health/ready`)
    // A few looks at the due index, as in an idle service.
    await new Promise((resolve) => setTimeout(resolve, 3000))
    const status = await readFile(`/proc/${service.pid}/status`, 'utf8')
    starts.push({ readyMs: service.readyMs, rssMb: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024 })
    await service.end('SIGTERM')
  }
  const [, median] = starts.toSorted((a, b) => a.readyMs - b.readyMs)
  if (median === undefined) throw new Error('nothing measured')
  return median
}

function line(label: string, { readyMs, rssMb }: Start): string {
  return `  ${label.padEnd(20)} ready in ${readyMs.toFixed(0).padStart(4)} ms   resident ${rssMb.toFixed(0)} MB`
}
