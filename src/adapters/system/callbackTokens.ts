import { createHmac, hash, timingSafeEqual } from 'node:crypto'
import type { CallbackTokens } from '../../domain/ports.ts'

/** Tokens derived from a secret: nothing of them has to be kept, and every replica that has the secret knows them all. */
export function makeCallbackTokens(secret: string): CallbackTokens {
  // Neither an application nor a name nor an id can contain a line break.
  const tokenOf: CallbackTokens['tokenOf'] = ({ application, name, id }) =>
    createHmac('sha256', secret).update(`callback\n${application}\n${name}\n${id}`).digest('base64url')
  return {
    tokenOf,
    // As digests, which are of one length whatever was sent.
    isTokenOf: (wakeUp, token) => timingSafeEqual(hash('sha256', tokenOf(wakeUp), 'buffer'), hash('sha256', token, 'buffer')),
  }
}
