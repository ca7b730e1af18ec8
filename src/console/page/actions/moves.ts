import type { Schedule } from '../types.ts'

/** What can be done about a schedule as it is. */
export type Move = 'run' | 'retry' | 'repeat' | 'reschedule' | 'cancel'

export const movesOf: Readonly<Record<Schedule['status'], readonly Move[]>> = {
  scheduled: ['run', 'reschedule', 'cancel'],
  delivering: [],
  delivered: ['repeat'],
  failed: ['retry'],
  expired: ['retry'],
  canceled: [],
}

export const moveTitles = {
  run: 'Run now',
  retry: 'Retry',
  repeat: 'Deliver again',
  reschedule: 'Reschedule',
  cancel: 'Cancel',
} as const satisfies Record<Move, string>
