import { lastInstant } from './time.ts'

/** How often and how patiently an owner that does not accept a call is asked again. */
export interface RetryPolicy {
  readonly maxAttempts: number
  readonly initialDelaySeconds: number
  readonly maxDelaySeconds: number
}

export const defaultRetryPolicy: RetryPolicy = { maxAttempts: 8, initialDelaySeconds: 5, maxDelaySeconds: 3600 }

/** Each delay is moved by up to this share, either way, so that what failed together does not return together. */
const jitter = 0.2

/**
 * How long to wait after the `tries`-th try without success, in milliseconds: exponential, capped, with jitter.
 *
 * @param tries how many tries there have been, from 1
 * @param random a number in [0, 1)
 */
export function backoffMs(policy: RetryPolicy, tries: number, random: number): number {
  const seconds = Math.min(policy.initialDelaySeconds * 2 ** (tries - 1), policy.maxDelaySeconds)
  return Math.round(seconds * 1000 * (1 - jitter + 2 * jitter * random))
}

/** The instant of the next try: after the backoff, and no sooner than the owner asked for (`retryAfterMs`). */
export function nextTryAt(policy: RetryPolicy, tries: number, random: number, now: number, retryAfterMs = 0): number {
  return Math.min(now + Math.max(backoffMs(policy, tries, random), retryAfterMs), lastInstant)
}
