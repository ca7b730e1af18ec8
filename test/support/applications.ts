import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'

/** One application of a file for the service: its API key, and where it may be called. */
interface Entry {
  readonly key: string
  readonly origin: string
  readonly maxConcurrentDeliveries?: number
  readonly maxRequestsPerSecond?: number
}

/** Writes an applications file, as an operator would. */
export function writeApplications(file: string, entries: Readonly<Record<string, Entry>>): void {
  const applications = Object.entries(entries).map(([name, { key, origin, ...rest }]) => [
    name,
    {
      apiKeyHashes: [`sha256:${createHash('sha256').update(key).digest('hex')}`],
      allowedOrigins: [origin],
      signingSecrets: [`whsec_${Buffer.alloc(32).toString('base64')}`],
      ...rest,
    },
  ])
  writeFileSync(file, JSON.stringify({ applications: Object.fromEntries(applications) as unknown }))
}
