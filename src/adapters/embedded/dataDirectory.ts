import { mkdirSync } from 'node:fs'
import { StartRefused } from '../../domain/errors.ts'

/**
 * Makes the store's directory where it does not exist, for nobody else to look into.
 *
 * @throws StartRefused where that is not possible
 */
export function makeDataDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new StartRefused(`${directory} cannot be made: ${error instanceof Error ? error.message : String(error)}. Check DATA_DIR.`)
  }
}
