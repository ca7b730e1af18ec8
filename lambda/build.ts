// Bundles the handler and says how large it is and how long a cold start spends on it.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundleHandler } from './bundle.ts'

const starts = 9

const directory = mkdtempSync(join(tmpdir(), 'punctual-lambda-'))
try {
  const bytes = bundleHandler(directory)
  const script = 'const begun = performance.now(); await import(process.argv[1]); console.log(performance.now() - begun)'
  const times = Array.from({ length: starts }, () =>
    Number(execFileSync(process.execPath, ['--input-type=module', '--eval', script, join(directory, 'index.mjs')], { encoding: 'utf8' })),
  )
  const median = times.toSorted((a, b) => a - b)[Math.floor(starts / 2)]
  process.stdout.write(`index.mjs: ${bytes} bytes, imported in ${median?.toFixed(1)} ms (median of ${starts} cold starts)\n`)
} finally {
  rmSync(directory, { recursive: true })
}
