import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'

const prefix = 'whsec_'

/** Whether this is a signing secret: `whsec_` and the base64 of 24 to 64 bytes. */
export function isSigningSecret(text: string): boolean {
  const encoded = text.slice(prefix.length)
  const key = Buffer.from(encoded, 'base64')
  return text.startsWith(prefix) && key.toString('base64') === encoded && key.length >= 24 && key.length <= 64
}

export type SigningKey = KeyObject

/** @throws TypeError where it is no signing secret */
export function signingKey(secret: string): SigningKey {
  if (!isSigningSecret(secret)) throw new TypeError('not a signing secret')
  return createSecretKey(Buffer.from(secret.slice(prefix.length), 'base64'))
}

/**
 * The `webhook-signature` header: one signature per key, over exactly the bytes that are sent.
 *
 * @param timestampSeconds the `webhook-timestamp` header
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function sign(keys: readonly SigningKey[], id: string, timestampSeconds: number, body: Uint8Array): string {
  return keys.map((key) => `v1,${createHmac('sha256', key).update(`${id}.${timestampSeconds}.`).update(body).digest('base64')}`).join(' ')
}
