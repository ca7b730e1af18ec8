/** One tenant: a client of the API, and the place where its callbacks go. */
export interface Application {
  readonly name: string
  /** SHA-256 (hex) of each API key that is valid. */
  readonly apiKeyHashes: readonly string[]
  /** Where it may be called; `loopback` (development mode): any port of this machine. */
  readonly allowedOrigins: readonly string[] | 'loopback'
  /** Each signs every call, so that a secret can be changed without a gap. */
  readonly signingSecrets: readonly string[]
  readonly maxConcurrentDeliveries: number
}

export type Applications = ReadonlyMap<string, Application>
