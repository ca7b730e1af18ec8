import { execFile } from 'node:child_process'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface Load {
  readonly perSecond: number
  readonly p99Ms: number
  readonly failed: number
}

/** POSTs the same body over 64 connections with wrk (Debian's package), which costs far less than any client in Node. */
export async function post(url: string, body: string, seconds: number, headers: Readonly<Record<string, string>> = {}): Promise<Load> {
  const lines = Object.entries({ 'content-type': 'application/json', ...headers }).map(
    ([name, value]) => `wrk.headers["${name}"] = "${value}"`,
  )
  const script = join(await mkdtemp(join(tmpdir(), 'punctual-wrk-')), 'post.lua')
  await writeFile(
    script,
    `wrk.method = "POST"
${lines.join('\n')}
wrk.body = [[${body}]]
done = function(summary, latency)
  local errors = summary.errors
  io.write(string.format("\\nRESULT %f %f %d\\n", summary.requests / summary.duration * 1e6, latency:percentile(99) / 1000,
    errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end`,
  )
  const { stdout } = await run('wrk', ['-t1', '-c64', `-d${seconds}s`, '-s', script, url]).catch((error: unknown) => {
    throw new Error('This benchmark needs wrk: apt-get install wrk', { cause: error })
  })
  const [perSecond, p99Ms, failed] = (/RESULT (\S+) (\S+) (\S+)/.exec(stdout) ?? []).slice(1).map(Number)
  if (perSecond === undefined || p99Ms === undefined || failed === undefined) throw new Error(`wrk said: ${stdout}`)
  return { perSecond, p99Ms, failed }
}
