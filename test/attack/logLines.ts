/** Control characters of both sets, and what else some programs take for the end of a line. */
// oxlint-disable-next-line no-control-regex -- these are what must not be there
const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/

/** What is wrong with a log: each line is one JSON object, without a control byte, no error, and no secret in it. */
export function faultsOfLog(log: string, secrets: readonly string[]): string[] {
  const lines = log.split('\n').filter((line) => line !== '')
  return lines.flatMap((line) => {
    const shown = JSON.stringify(line.slice(0, 300))
    if (control.test(line)) return [`the log has a control character: ${shown}`]
    if (secrets.some((secret) => line.includes(secret))) return [`the log has a secret: ${shown}`]
    const entry = parsed(line)
    if (entry === undefined) return [`the log has a line that is no JSON object: ${shown}`]
    return entry.level === 'error' || entry.level === 'fatal' ? [`the log has an error: ${shown}`] : []
  })
}

function parsed(line: string): { readonly level?: string } | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}
