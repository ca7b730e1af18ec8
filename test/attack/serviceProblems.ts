import type { RunningService } from '../support/service.ts'

/** What must be in no log: these are in keys, queries, headers and payloads of this run, and the signing secret is zeros. */
const secret = /confidential|whsec_|A{20}/

/** Whether the service is alive and well, stops as it should, and has blamed itself for nothing; ends it. */
export async function serviceProblems(service: RunningService): Promise<string[]> {
  const problems: string[] = []
  for (const path of ['/health/live', '/health/ready']) {
    const status = await fetch(service.url + path, { signal: AbortSignal.timeout(5000) }).then(
      (response) => response.status,
      (error: unknown) => String(error),
    )
    if (status !== 200) problems.push(`${path} answers ${status} after it`)
  }
  const metrics = await fetch(`${service.url}/metrics`).then((response) => response.text(), String)
  const failures = /^punctual_failures_total (\d+)$/m.exec(metrics)?.[1]
  if (failures !== '0') problems.push(`punctual_failures_total is ${failures}`)
  const code = await service.end('SIGTERM')
  if (code !== 0) problems.push(`it ended with ${code}`)
  const lines = service.output().split('\n')
  // What is no JSON is the greeting, or the last words of a process.
  problems.push(...lines.filter((line) => /"level":"(?:error|fatal)"|^\s*(?:Error|TypeError|AssertionError|Uncaught|at )/.test(line)))
  problems.push(...lines.filter((line) => secret.test(line)).map((line) => `a secret in the log: ${line}`))
  return problems
}
