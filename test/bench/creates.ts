import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { startService } from '../support/service.ts'
import { median } from './beside/statistics.ts'
import { withDirectory } from './directory.ts'
import { type Load, post } from './wrk.ts'

const rounds = 3
const seconds = 5

// What the README's example sends, without a name, so that each request is a schedule of its own: about 300 bytes.
export const scheduleBody = JSON.stringify({
  at: '2030-12-01T09:00:00+05:30',
  target: { url: 'http://localhost:3000/hooks/publish', method: 'POST', headers: { 'x-tenant': '7' } },
  payload: { postId: 42, text: 'hello, this is the text of a post that is to be published later' },
  retry: { maxAttempts: 8, initialDelaySeconds: 5, maxDelaySeconds: 3600 },
})

/** Durable creates over HTTP beside a bare Fastify route, in turn, medians of three rounds. */
export async function creates(): Promise<string[]> {
  const bare: Load[] = []
  const punctual: Load[] = []
  for (let round = 0; round < rounds; round++) {
    bare.push(await loadBareRoute())
    punctual.push(await loadService())
  }
  const ratio = medianOf(punctual, 'perSecond') / medianOf(bare, 'perSecond')
  return [
    line('bare Fastify route, same schema and body', bare),
    line('POST /schedules, durable', punctual),
    `  ratio                                        ${ratio.toFixed(2)}`,
  ]
}

async function loadBareRoute(): Promise<Load> {
  const child = spawn(process.execPath, [new URL('./bareRoute.ts', import.meta.url).pathname], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [address] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  const load = await post(`${address}/schedules`, scheduleBody, seconds)
  child.kill()
  return load
}

export async function loadService(): Promise<Load> {
  return withDirectory(async (dataDir) => {
    const service = await startService({ dataDir })
    await post(`${service.url}/schedules`, scheduleBody, 1)
    const load = await post(`${service.url}/schedules`, scheduleBody, seconds)
    await service.end('SIGTERM')
    if (load.failed > 0) throw new Error(`${load.failed} requests failed`)
    return load
  })
}

function line(label: string, loads: readonly Load[]): string {
  return `  ${label.padEnd(44)} ${medianOf(loads, 'perSecond').toFixed(0).padStart(6)}/s   p99 ${medianOf(loads, 'p99Ms').toFixed(1)} ms`
}

function medianOf(loads: readonly Load[], key: 'perSecond' | 'p99Ms'): number {
  return median(loads.map((load) => load[key]))
}
