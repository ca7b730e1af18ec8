import { readFileSync } from 'node:fs'

/**
 * Reads a file of JSON.
 *
 * @param variable the environment variable that names the file, for the problem
 * @returns undefined where that is not possible; then the problem is among `problems`
 */
export function readJsonFile(variable: string, file: string, problems: string[]): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    // JSON.parse quotes the text around the mistake, which may be a secret.
    const reason = error instanceof SyntaxError ? 'it is not JSON' : error instanceof Error ? error.message : String(error)
    problems.push(`${variable} ${file} cannot be read: ${reason}.`)
    return undefined
  }
}
