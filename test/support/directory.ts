import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'

/** An empty directory that is removed when the test has ended. */
export function emptyDirectory(t: Test): string {
  const directory = mkdtempSync(join(tmpdir(), 'punctual-test-'))
  t.teardown(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}
