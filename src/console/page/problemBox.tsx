import type { Failure } from './service.ts'
import { tell } from './telling.ts'

/** What went wrong, and what to do about it. */
export function ProblemBox({ failure }: { readonly failure: Failure }) {
  const { title, advice, errors } = tell(failure)
  return (
    <div class="problem" role="alert">
      <p>
        <strong>{title}.</strong> {advice}
      </p>
      {errors.length > 1 && (
        <ul>
          {errors.map(({ pointer, message }) => (
            <li key={`${pointer} ${message}`}>
              <code>{pointer}</code> {message}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
