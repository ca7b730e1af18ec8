// Installs the AWS emulators into a Python environment of their own, beside the packages of npm.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { environment, requirements } from '../support/aws/emulators.ts'

const stamp = `${environment}/installed`
const digest = createHash('sha256').update(readFileSync(requirements)).digest('hex')

try {
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== digest) {
    rmSync(environment, { recursive: true, force: true })
    execFileSync('python3', ['-m', 'venv', environment], { stdio: 'inherit' })
    const options = ['--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary', ':all:']
    execFileSync(`${environment}/bin/pip`, ['install', ...options, '--requirement', requirements], { stdio: 'inherit' })
    writeFileSync(stamp, digest)
  }
} catch (error) {
  process.stderr.write(
    `The AWS emulators cannot be installed: ${error instanceof Error ? error.message : String(error)}\n` +
      'They are Python packages: this needs python3 with venv, and the Python package index within reach. "npm test" needs neither.\n',
  )
  process.exitCode = 1
}
