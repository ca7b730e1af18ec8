import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { Webhook } from 'standardwebhooks'
import t from 'tap'
import { isSigningSecret, sign, signingKey } from '../../src/delivery/signature.ts'

const secretOf = (bytes: Uint8Array): string => `whsec_${Buffer.from(bytes).toString('base64')}`

await t.test('a signing secret is whsec_ and the base64 of 24 to 64 bytes', async (t) => {
  for (const length of [24, 32, 64]) t.ok(isSigningSecret(secretOf(new Uint8Array(length))), String(length))
  for (const length of [0, 23, 65]) t.notOk(isSigningSecret(secretOf(new Uint8Array(length))), String(length))
  for (const text of ['', 'secret', `whsec_${'!'.repeat(40)}`, Buffer.alloc(32).toString('base64'), `${secretOf(new Uint8Array(32))} `])
    t.notOk(isSigningSecret(text), text)
  t.throws(() => signingKey('whsec_short'))
})

await t.test('whatever the bytes, the signature is the one of the Standard Webhooks library', async () => {
  const key = fc.uint8Array({ minLength: 24, maxLength: 64 })
  fc.assert(
    fc.property(key, fc.string({ unit: 'grapheme' }), fc.integer({ min: 0, max: 253_402_300_799 }), (bytes, body, timestamp) => {
      const expected = new Webhook(secretOf(bytes)).sign('id', new Date(timestamp * 1000), body)
      return sign([signingKey(secretOf(bytes))], 'id', timestamp, Buffer.from(body)) === expected
    }),
  )
})
