import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { emptyDirectory, type Scope } from '../support/directory.ts'
import { documentFile } from '../support/document.ts'
import type { Proof } from '../support/proof.ts'
import { installPython, pythonEnvironment } from '../support/python.ts'
import { besiege, keys } from './besieged.ts'
import { faultsOfLog } from './logLines.ts'

const environment = pythonEnvironment('punctual-schemathesis', 'test/attack/requirements.txt')
const config = new URL('schemathesis.toml', import.meta.url).pathname
const seed = 20_261_124

/** As much as is looked at of its report. */
interface Report {
  readonly schemathesis_version: string
  readonly complete: boolean
  readonly operations: { readonly selected: number; readonly tested: number }
  readonly test_cases: { readonly generated: number }
  readonly failures: readonly object[]
  readonly errors: readonly object[]
}

/** schemathesis, which others wrote, against a real service: all of its checks, on what it makes of the OpenAPI document. */
export async function schemathesis(scope: Scope, isShort: boolean): Promise<Proof> {
  installPython(environment)
  // Where the document's examples call.
  const { service, log } = await besiege(scope, { callable: 'http://localhost:3000' })
  const reportFile = join(emptyDirectory(scope), 'report.json')
  const output = await run(service.url, reportFile, isShort ? 25 : 250)
  const { schemathesis_version, complete, operations, test_cases, failures, errors } = JSON.parse(
    readFileSync(reportFile, 'utf8'),
  ) as Report
  const violations = [...failures, ...errors].map((finding) => JSON.stringify(finding))
  if (!complete || operations.tested < operations.selected) violations.push(`it has not tested everything: ${output}`)
  return {
    figures: [
      `schemathesis ${schemathesis_version}, seed ${seed}: ${test_cases.generated} requests to ${operations.tested} operations, ${failures.length} failures`,
    ],
    violations: [...violations, ...faultsOfLog(log(), Object.values(keys))],
  }
}

/** @returns what it has printed */
async function run(url: string, reportFile: string, examples: number): Promise<string> {
  const options = {
    phases: 'examples,coverage,fuzzing,stateful',
    header: `Authorization: Bearer ${keys.blog}`,
    seed: String(seed),
    'max-examples': String(examples),
    // Nothing is kept from one run to the next.
    'generation-database': 'none',
    report: 'json',
    'report-json-path': reportFile,
  }
  const given = Object.entries({ url, ...options }).map(([name, value]) => `--${name}=${value}`)
  const args = ['--config-file', config, 'run', documentFile, '--continue-on-failure', '--no-color', ...given]
  const ended = promisify(execFile)(join(environment.directory, 'bin/schemathesis'), args, {
    cwd: dirname(reportFile),
    maxBuffer: 64 * 1024 * 1024,
  })
  // What it has found is in the report.
  return ended.then(
    ({ stdout }) => stdout,
    (error: Error & { readonly stdout?: string }) => error.stdout ?? error.message,
  )
}
