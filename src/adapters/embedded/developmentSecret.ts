import { randomBytes, randomUUID } from 'node:crypto'
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StartRefused } from '../../domain/errors.ts'
import { makeDataDirectory } from './dataDirectory.ts'

/**
 * The signing secret of development mode: made at the first start and kept beside the store, so that an owner that has
 * been told it need not be told again.
 *
 * @param directory the store's, which is made where it does not exist
 * @throws StartRefused where the file is not what this function wrote, or cannot be read or written
 */
export function developmentSecret(directory: string): string {
  makeDataDirectory(directory)
  const file = join(directory, 'development-signing-secret')
  const draft = `${file}.${randomUUID()}`
  try {
    // Written aside and linked, so that whoever comes first makes it, and nobody sees half of it.
    writeFileSync(draft, `whsec_${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flush: true })
    linkUnlessThere(draft, file)
    const secret = readFileSync(file, 'utf8').trim()
    if (/^whsec_[A-Za-z0-9+/]{43}=$/.test(secret)) return secret
  } catch (error) {
    throw new StartRefused(`${file} cannot be made or read: ${error instanceof Error ? error.message : String(error)}. Check DATA_DIR.`)
  } finally {
    rmSync(draft, { force: true })
  }
  throw new StartRefused(`${file} does not hold a signing secret. Remove it to have a new one made.`)
}

function linkUnlessThere(draft: string, file: string): void {
  try {
    linkSync(draft, file)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
}
