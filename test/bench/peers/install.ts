import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

interface Manifest {
  readonly version?: string
  readonly dependencies?: Readonly<Record<string, string>>
}

/** The packages that are measured, with their versions. */
export const packages = read('package.json')?.dependencies ?? {}

/** Installs them where they are not there, or are of other versions. */
export function install(): void {
  const isInstalled = Object.entries(packages).every(([name, version]) => read(`node_modules/${name}/package.json`)?.version === version)
  if (!isInstalled) execFileSync('npm', ['ci'], { cwd: import.meta.dirname, stdio: 'inherit' })
}

function read(file: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(`${import.meta.dirname}/${file}`, 'utf8')) as Manifest
  } catch {
    return undefined
  }
}
