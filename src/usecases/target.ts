import { AppError } from '../domain/errors.ts'
import type { Owner } from '../domain/ports.ts'

/** @throws AppError `target_not_allowed` where the application may not call this URL */
export function refuseTarget(owner: Pick<Owner, 'allows'>, application: string, url: string): void {
  if (owner.allows(application, url)) return
  const { origin } = new URL(url)
  throw new AppError('target_not_allowed', `The application may not call ${origin}. Its allowedOrigins say where it may.`)
}
