import { named, oneOf } from './named.ts'

export const Health = named('Health', { status: oneOf(['ok']) }, { examples: [{ status: 'ok' }] })
