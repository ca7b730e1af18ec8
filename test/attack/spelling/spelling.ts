/** The ports of a run, which no generator can know. */
export interface Ports {
  /** Where the one allowed origin listens, on 127.0.0.1. */
  readonly allowed: number
  /** Where a victim listens, on every address of this machine. */
  readonly other: number
}

/** What a spelling of a target is: the allowed origin, another place, or nothing that may be asked for at all. */
export type Meaning = 'allowed' | 'elsewhere' | 'malformed'
