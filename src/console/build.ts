// Bundles the console into dist, which is committed, so that whoever runs the service needs nothing of what makes it; with
// --check it says whether what is committed is what the sources make.
import { readFileSync, writeFileSync } from 'node:fs'
import { bundleConsole } from './bundle.ts'

for (const [name, content] of Object.entries(bundleConsole())) {
  const file = new URL(`dist/${name}`, import.meta.url)
  if (!process.argv.includes('--check')) {
    writeFileSync(file, content)
    process.stdout.write(`src/console/dist/${name}: ${content.length} characters\n`)
  } else if (readFileSync(file, 'utf8') !== content) {
    process.stderr.write(`src/console/dist/${name} is not what the sources make: run "npm run build:console".\n`)
    process.exitCode = 1
  }
}
