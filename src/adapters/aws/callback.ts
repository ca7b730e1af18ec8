import type { CallbackTokens } from '../../domain/ports.ts'
import type { WakeUp } from '../../domain/schedule.ts'

/** What a wake-up brings to the service: where to, by whose leave, and which incarnation is meant. */
export interface Callback {
  readonly url: string
  readonly token: string
  readonly id: string
}

export function callbackOf(publicUrl: string, tokens: CallbackTokens, { application, name, id }: WakeUp): Callback {
  return { url: `${publicUrl}/callbacks/${application}/${name}`, token: tokens.tokenOf({ application, name, id }), id }
}
