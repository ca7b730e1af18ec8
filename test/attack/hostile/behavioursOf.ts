import type { Behaviours } from './behaviour.ts'
import { broken } from './broken.ts'
import { endless } from './endless.ts'
import { malformed } from './malformed.ts'
import { misleading } from './misleading.ts'
import { slow } from './slow.ts'

/** Those that keep themselves busy, and those that must not be late by that. */
export type Kind = 'loud' | 'quiet'

/** @param victim the origin that redirects lead to */
export function behavioursOf(kind: Kind, victim: string): Behaviours {
  return kind === 'loud' ? endless : { ...slow, ...broken, ...malformed, ...misleading(victim) }
}
