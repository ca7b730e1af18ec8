/** What a wake-up brings: the address of one job, its token, and which incarnation of its name is meant. */
export interface WakeUpEvent {
  readonly url: string
  readonly token: string
  readonly id: string
}

/** For the whole exchange. The service answers at once, whenever the job is due. */
const deadlineMs = 10_000

/** How much of an answer that is no success goes into the error. */
const quotedCharacters = 300

/**
 * Passes a wake-up on to the service.
 *
 * Whatever it throws makes Lambda try again twice, and then hand the event to the on-failure queue.
 *
 * @throws Error where the service is not the one that this function was deployed for, or does not answer 2xx in time
 */
export async function handler(event: WakeUpEvent): Promise<void> {
  const url = URL.parse(event.url)
  const service = URL.parse(process.env.PUBLIC_URL ?? '')
  if (service === null) throw new Error('PUBLIC_URL of this function is no URL: deploy the stack again')
  // Whoever can make schedules can make this function call: nobody else than the service, though.
  if (url === null || url.origin !== service.origin) {
    throw new Error(`the wake-up is for ${url?.origin ?? 'no URL'}, but this function was deployed for ${service.origin}`)
  }
  const response = await post(url, event)
  if (!response.ok) throw new Error(`${url.href} answered ${response.status}: ${await beginningOf(response)}`)
}

async function post(url: URL, { token, id }: WakeUpEvent): Promise<Response> {
  const signal = AbortSignal.timeout(deadlineMs)
  const attempt = async (): Promise<Response> => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ id }),
      // The token is for nobody else.
      redirect: 'manual',
      signal,
    })
    // Read to its end, so that the connection serves the next wake-up, too.
    if (response.ok) await response.arrayBuffer()
    return response
  }
  try {
    // Once more at once: a connection that was kept while this environment was frozen may have been dropped meanwhile.
    return await attempt().catch(attempt)
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error
    throw new Error(`${url.href} gave no answer: ${cause instanceof Error ? cause.message : String(cause)}`, { cause: error })
  }
}

/** The first piece of a body, however long it is. */
async function beginningOf(response: Response): Promise<string> {
  const reader = response.body?.getReader()
  if (reader === undefined) return 'an empty body'
  try {
    const { value } = await reader.read()
    return new TextDecoder().decode(value).slice(0, quotedCharacters)
  } catch {
    return 'a body that broke off'
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}
