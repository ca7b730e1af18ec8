import { randomUUID } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import t from 'tap'
import type { Post } from './feed.ts'
import { openDemo, published, textOf } from './visitor.ts'

const { demo, browser } = await openDemo(t)
const { signingSecret } = demo

/** Calls the webhook, as Punctual does, or somebody else. */
async function call(headers: Readonly<Record<string, string>>, body: string): Promise<number> {
  const { status } = await fetch(`${demo.url}/hooks/publish`, { method: 'POST', headers, body })
  return status
}

function signed(body: string, secret = signingSecret, at = new Date()): Record<string, string> {
  const id = randomUUID()
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, at, body),
    'schedule-due-at': at.toISOString(),
  }
}

await t.test('a call that Punctual has not signed is refused, and publishes nothing', async (t) => {
  const page = await browser.open(demo.url)
  const [forged, genuine] = [textOf('Forged'), textOf('Genuine')].map((text) => ({ text, body: JSON.stringify({ text }) })) as [Sent, Sent]
  const { body } = forged
  const refused = {
    'nothing at all': {},
    'no signature': { ...signed(body), 'webhook-signature': '' },
    'by another secret': signed(body, `whsec_${Buffer.alloc(32).toString('base64')}`),
    'under another id': { ...signed(body), 'webhook-id': randomUUID() },
    'of another body': signed(genuine.body),
    'an hour ago': signed(body, signingSecret, new Date(Date.now() - 3600_000)),
  }
  for (const [why, headers] of Object.entries(refused)) t.equal(await call(headers, body), 401, why)
  t.equal(await call(signed(genuine.body), genuine.body), 204)
  await published(page, genuine.text).waitFor()
  t.equal(await published(page, forged.text).count(), 0)
})

interface Sent {
  readonly text: string
  readonly body: string
}

await t.test('a call that comes twice publishes once', async (t) => {
  const page = await browser.open(demo.url)
  const [twice, after] = [textOf('Twice'), textOf('After')]
  const body = JSON.stringify({ text: twice })
  const headers = signed(body)
  t.equal(await call(headers, body), 204)
  t.equal(await call(headers, body), 204)
  const last = JSON.stringify({ text: after })
  t.equal(await call(signed(last), last), 204)
  await published(page, after).waitFor()
  t.equal(await published(page, twice).count(), 1)
  // The page shows each id once; what counts is what the application has.
  const posts = (await (await fetch(`${demo.url}/feed`)).json()) as Post[]
  t.equal(posts.filter(({ text }) => text === twice).length, 1)
})

await t.test('no page has complained of anything', async (t) => {
  t.same(browser.complaints, [])
})
