import { Pool } from 'undici'
import { startService } from '../support/service.ts'
import { median } from './beside/statistics.ts'
import { loadService, scheduleBody } from './creates.ts'
import { withDirectory } from './directory.ts'

const count = 100_000
const itemsInOne = 1000
const inFlight = 3
const warmUpMs = 1000
const rounds = 3

/** 100,000 schedules created in batches, beside one at a time; killed right after the last answer, all are there. */
export async function batch(): Promise<string[]> {
  const singles: number[] = []
  const batches: number[] = []
  const minimal: number[] = []
  for (let round = 0; round < rounds; round++) {
    singles.push((await loadService()).perSecond)
    batches.push(await createInBatches({}))
    minimal.push(await createInBatches({ prefer: 'return=minimal' }))
  }
  const single = median(singles)
  const line = (title: string, perSecond: number): string =>
    `  ${title.padEnd(44)} ${perSecond.toFixed(0).padStart(7)}/s   ${(perSecond / single).toFixed(1)}`
  return [
    line('POST /schedules, 64 connections', single),
    line(`POST /schedules/batch, ${inFlight} connections`, median(batches)),
    line('the same with Prefer: return=minimal', median(minimal)),
  ]
}

/** @returns schedules a second */
async function createInBatches(headers: Readonly<Record<string, string>>): Promise<number> {
  return withDirectory(async (dataDir) => {
    const service = await startService({ dataDir })
    const text = `{"items":[${Array.from({ length: itemsInOne }, () => scheduleBody).join(',')}]}`
    const pool = new Pool(service.url, { connections: inFlight })
    const answers: Buffer[] = []
    async function create(): Promise<void> {
      const { statusCode, body } = await pool.request({
        path: '/schedules/batch',
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: text,
      })
      const answer = Buffer.from(await body.arrayBuffer())
      if (statusCode !== 200) throw new Error(answer.toString())
      answers.push(answer)
    }
    // As long as the others are given to warm up.
    for (const end = performance.now() + warmUpMs; performance.now() < end; ) await create()
    const before = answers.length * itemsInOne
    answers.length = 0
    const begun = performance.now()
    let left = count / itemsInOne
    await Promise.all(
      Array.from({ length: inFlight }, async () => {
        while (left-- > 0) await create()
      }),
    )
    const seconds = (performance.now() - begun) / 1000
    await service.end('SIGKILL')
    await pool.destroy()
    const created = answers.flatMap((answer) => (JSON.parse(answer.toString()) as { results: { status: number }[] }).results)
    if (created.length !== count || created.some(({ status }) => status !== 201)) throw new Error('not all were created')
    const again = await startService({ dataDir })
    const metrics = await (await fetch(`${again.url}/metrics`)).text()
    await again.end('SIGTERM')
    const there = Number(/^punctual_schedules\{application="default",status="scheduled"\} (\d+)$/m.exec(metrics)?.[1])
    if (there !== count + before) throw new Error(`${count + before} were acknowledged, ${there} are there`)
    return count / seconds
  })
}
