import { findDamage } from './integrity.ts'
import { outcomeOf, serve } from './thread.ts'

/** Reads the whole store while the service runs, in nobody's way. */
serve((file) => {
  const operations = { findDamage: (): string | undefined => findDamage(file) }
  return { execute: (batch) => batch.map((operation) => outcomeOf(operations, operation)), close: () => undefined }
})

export type CheckingOperations = { readonly findDamage: () => string | undefined }
