import { useState } from 'preact/hooks'
import { ProblemBox } from '../problemBox.tsx'
import { answered, Failure, service } from '../service.ts'
import { apiKey, signIn } from '../session.ts'

/** Asks for the application's API key, and keeps it once the service has taken it. */
export function SignIn() {
  const [failure, setFailure] = useState<Failure | undefined>()
  const [isAsking, setAsking] = useState(false)
  // One that was good may have been rotated away.
  const wasGood = apiKey.value !== null

  async function submit(key: string): Promise<void> {
    setAsking(true)
    setFailure(undefined)
    try {
      await answered(service.GET('/schedules', { params: { query: { limit: 1 } }, headers: { authorization: `Bearer ${key}` } }))
      signIn(key)
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      setAsking(false)
      setFailure(error)
    }
  }

  return (
    <div class="signIn card">
      <h1 tabIndex={-1}>Sign in</h1>
      <p>
        {wasGood ? 'The service does not take this tab’s key any more. ' : ''}
        With the API key of your application you see its schedules, and nobody else’s. The key is kept for this tab only.
      </p>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          const key = new FormData(event.currentTarget).get('key')
          if (typeof key === 'string') void submit(key.trim())
        }}
      >
        <label>
          API key
          <input
            name="key"
            type="password"
            required
            pattern="[!-~]+"
            title="One word, without blanks."
            autocomplete="off"
            spellcheck={false}
            autofocus
          />
        </label>
        {failure !== undefined && <ProblemBox failure={failure} />}
        <button type="submit" class="primary" disabled={isAsking}>
          {isAsking ? 'Asking…' : 'Sign in'}
        </button>
      </form>
    </div>
  )
}
