import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'

/** Programs of Python's, in an environment of their own beside the packages of npm. */
export interface PythonEnvironment {
  readonly directory: string
  /** A file that pins them and all that they need. */
  readonly requirements: string
}

const cache = resolve(import.meta.dirname, '../../node_modules/.cache')

/** @param requirements a path from the root of the repository */
export function pythonEnvironment(name: string, requirements: string): PythonEnvironment {
  return { directory: resolve(cache, name), requirements: resolve(import.meta.dirname, '../..', requirements) }
}

/**
 * Installs what is pinned, unless it is there already.
 *
 * @throws Error that says what this needs
 */
export function installPython({ directory, requirements }: PythonEnvironment): void {
  const stamp = `${directory}/installed`
  const digest = createHash('sha256').update(readFileSync(requirements)).digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return
  try {
    rmSync(directory, { recursive: true, force: true })
    execFileSync('python3', ['-m', 'venv', directory], { stdio: 'inherit' })
    const options = ['--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary', ':all:']
    execFileSync(`${directory}/bin/pip`, ['install', ...options, '--requirement', requirements], { stdio: 'inherit' })
    writeFileSync(stamp, digest)
  } catch (cause) {
    throw new Error(
      'It consists of Python packages: this needs python3 with venv, and the Python package index within reach. "npm test" needs neither.',
      { cause },
    )
  }
}
