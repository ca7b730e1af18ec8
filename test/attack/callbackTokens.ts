import { makeCallbackTokens } from '../../src/adapters/system/callbackTokens.ts'
import { deploy } from '../support/aws/deployment.ts'
import type { Scope } from '../support/directory.ts'
import type { Proof } from '../support/proof.ts'

const jobs = 50

/** On the AWS engine: a job's token is its own alone, and a wrong one is told the same whatever is wrong with it. */
export async function callbackTokens(scope: Scope): Promise<Proof> {
  const deployment = await deploy(scope)
  const { url, api } = await deployment.replica()
  const created = await Promise.all(
    Array.from({ length: jobs }, async (_, index) =>
      api.create({ name: `job-${index}`, delaySeconds: 86_400, target: { url: deployment.owner.origin } }),
    ),
  )
  // By the secret that every replica has: as the function gets them.
  const tokens = makeCallbackTokens(deployment.env.CALLBACK_SECRET ?? '')
  const wakeUps = created.map(({ name, id }) => ({ application: 'blog', name, id }))
  const own = wakeUps.map((wakeUp) => tokens.tokenOf(wakeUp))
  const refusals = new Map<string, string>()
  let asked = 0
  const violations: string[] = []
  for (const [job, wakeUp] of wakeUps.entries()) {
    const ask = async (token: string, what: string): Promise<void> => {
      asked++
      refusals.set(await wake(url, wakeUp, token), `${what} for ${wakeUp.name}`)
    }
    await Promise.all(own.map(async (token, other) => (other === job ? undefined : ask(token, `the token of job-${other}`))))
    for (const [what, token] of spoiledTokens(own[job] ?? '')) await ask(token, `its token, ${what},`)
    const taken = await wake(url, wakeUp, own[job] ?? '')
    if (!taken.startsWith('[200') && !taken.startsWith('[202')) violations.push(`${wakeUp.name} with its own token: ${taken}`)
  }
  const isOne = refusals.size === 1 && [...refusals.keys()][0]?.startsWith('[401')
  if (!isOne) for (const [answer, what] of refusals) violations.push(`${what}: ${answer}`)
  return {
    figures: [`${asked} wake-ups of ${jobs} jobs with other jobs' tokens or spoiled ones: ${refusals.size} different answer`],
    violations,
  }
}

/** The tokens that are nearly this one. */
function spoiledTokens(token: string): [string, string][] {
  const bytes = Buffer.from(token, 'base64url')
  const flipped = [0, 7, 100, 255].map((bit): [string, string] => {
    const other = Buffer.from(bytes)
    other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    return [`bit ${bit} flipped`, other.toString('base64url')]
  })
  return [
    ...flipped,
    ['cut at its end', token.slice(0, -1)],
    ['cut at its beginning', token.slice(1)],
    ['halved', token.slice(0, token.length / 2)],
    ['doubled', token + token],
    ['in lower case', token.toLowerCase()],
    ['in upper case', token.toUpperCase()],
    ['padded', `${token}=`],
    ['as plain base64 of a digest', Buffer.from(token).toString('base64')],
    ['followed by another', `${token},${token}`],
  ]
}

/** All that is answered, without what is of the moment. */
async function wake(
  url: string,
  { application, name, id }: { application: string; name: string; id: string },
  token: string,
): Promise<string> {
  const response = await fetch(`${url}/callbacks/${application}/${name}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ id }),
  })
  const headers = [...response.headers].filter(([header]) => !['date', 'x-request-id'].includes(header))
  return JSON.stringify([response.status, headers, await response.text()])
}
