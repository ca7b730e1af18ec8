import { apiOf } from '../support/api.ts'
import { routes } from '../support/document.ts'
import type { Proof } from '../support/proof.ts'
import { type Besieged, keys } from './besieged.ts'
import { makeLine } from './rawHttp.ts'

/** The other application's, in every status, of one length; the last is nobody's. */
const names = {
  scheduled: 'foreign-scheduled--',
  canceled: 'foreign-canceled---',
  delivered: 'foreign-delivered--',
  'of odd characters': '0._-..__--..foreign',
  unknown: 'foreign-nobodys----',
} as const

const tags = ['', '*', '"x"'] as const

/** What blog is told of shop's schedules is, byte by byte, what it is told of one that does not exist. */
export async function foreignNames({ service: { url }, owner }: Besieged): Promise<Proof> {
  const shop = apiOf(url, keys.shop)
  for (const name of [names.scheduled, names.canceled, names['of odd characters']]) {
    await shop.create({ name, delaySeconds: 86_400, target: { url: owner.origin } })
  }
  await shop.cancel(names.canceled)
  await shop.create({ name: names.delivered, delaySeconds: 0, target: { url: owner.origin } })
  await shop.waitForStatus(names.delivered, 'delivered')
  const before = await shop.list()
  const violations: string[] = []
  let compared = 0
  for (const ask of asks(await entityTagOf(url))) {
    const told = await Promise.all(Object.values(names).map((name) => tell(url, ask, name)))
    const nobody = told.at(-1)
    for (const [index, kind] of Object.keys(names).entries()) {
      compared++
      if (told[index] !== nobody)
        violations.push(`${ask.title} of a foreign one that is ${kind} is answered ${told[index]}, an unknown one ${nobody}`)
    }
  }
  const after = await shop.list()
  if (JSON.stringify(before) !== JSON.stringify(after)) violations.push("blog has changed shop's schedules")
  return { figures: [`${compared} answers about foreign and unknown names compared byte by byte`], violations }
}

interface Ask {
  readonly title: string
  readonly method: string
  readonly path: string
  readonly tag: string
  readonly body: string
}

/** Every route that has a name in it, and HEAD, with and without preconditions. */
function asks(entityTag: string): Ask[] {
  const named = routes.filter(({ path }) => path.includes('{name}'))
  const all = [...named, ...named.filter(({ method }) => method === 'GET').map((route) => Object.assign({}, route, { method: 'HEAD' }))]
  const body = (method: string, path: string): string =>
    method === 'PATCH' ? '{"delaySeconds":5}' : path.startsWith('/callbacks') ? '{"id":"x"}' : ''
  return all.flatMap(({ method, path }) =>
    [...tags, entityTag].map((tag) => ({
      title: `${method} ${path} with the tag ${tag || 'none'}`,
      method,
      path,
      tag,
      body: body(method, path),
    })),
  )
}

/** Of the one that is scheduled, as shop has it. */
async function entityTagOf(url: string): Promise<string> {
  const response = await fetch(`${url}/schedules/${names.scheduled}`, { headers: { authorization: `Bearer ${keys.shop}` } })
  await response.arrayBuffer()
  return response.headers.get('etag') ?? ''
}

/** All that blog is told, without what is of the moment. */
async function tell(url: string, { method, path, tag, body }: Ask, name: string): Promise<string> {
  const line = makeLine(url)
  const condition = tag === '' ? '' : `if-match: ${tag}\r\nif-none-match: ${tag}\r\n`
  const target = path.replace('{name}', name).replace('{application}', 'shop')
  const framing = body === '' ? '' : `content-type: application/json\r\ncontent-length: ${body.length}\r\n`
  const answer = await line.ask(
    Buffer.from(`${method} ${target} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${keys.blog}\r\n${condition}${framing}\r\n${body}`),
    method === 'HEAD',
  )
  line.close()
  const headers = [...(answer?.headers ?? [])].filter(([header]) => !['date', 'x-request-id'].includes(header))
  return JSON.stringify([answer?.status, headers, answer?.body])
}
