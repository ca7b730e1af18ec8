import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What has an end, such as a test: there it tidies up. */
export interface Scope {
  teardown(work: () => unknown): void
}

/** An empty directory that is removed when the test has ended. */
export function emptyDirectory(t: Scope): string {
  const directory = mkdtempSync(join(tmpdir(), 'punctual-test-'))
  t.teardown(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}
