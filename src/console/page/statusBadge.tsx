import type { Attempt, Status } from './types.ts'

type Sign = Status | Attempt['outcome']

/** Told apart by their shapes, too. */
const shapes = {
  scheduled: 'M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8M8 4.6V8l2.4 1.6',
  delivering: 'M1.8 8h9.4M7.6 4.2 11.4 8l-3.8 3.8M14.2 3v10',
  delivered: 'm2.4 8.6 3.7 3.7 7.5-8.2',
  failed: 'm3.2 3.2 9.6 9.6m0-9.6-9.6 9.6',
  expired: 'M3.6 1.8h8.8M3.6 14.2h8.8M4.8 1.8c0 4 6.4 4.4 6.4 8v4.4M11.2 1.8c0 4-6.4 4.4-6.4 8v4.4',
  canceled: 'M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8M3.6 12.4l8.8-8.8',
  retry: 'M13.4 6A5.8 5.8 0 1 0 13.8 9M13.8 2.4V6.2H10',
  interrupted: 'M1.8 8h3.6M10.6 8h3.6M7 3.4v9.2M9 3.4v9.2',
} as const satisfies Record<Sign, string>

export function StatusIcon({ sign }: { readonly sign: Sign }) {
  return (
    <svg class={`icon ${sign}`} viewBox="0 0 16 16" aria-hidden="true">
      <path d={shapes[sign]} />
    </svg>
  )
}

export function StatusBadge({ sign }: { readonly sign: Sign }) {
  return (
    <span class={`badge ${sign}`}>
      <StatusIcon sign={sign} />
      {sign}
    </span>
  )
}
