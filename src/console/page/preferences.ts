import { computed, signal } from '@preact/signals'
import { isZone } from './zone.ts'

/** In which zone times are told: UTC, the viewer's, or the one that a schedule was made in. */
export type ZoneChoice = 'utc' | 'viewer' | 'own'

const choices = ['utc', 'viewer', 'own'] as const satisfies readonly ZoneChoice[]
const storedAs = 'punctual.zone'

export const viewersZone = Intl.DateTimeFormat().resolvedOptions().timeZone

/** Remembered by this browser. */
export const zoneChoice = signal<ZoneChoice>(choices.find((choice) => choice === localStorage.getItem(storedAs)) ?? 'viewer')

zoneChoice.subscribe((choice) => localStorage.setItem(storedAs, choice))

/** The zone for whatever is no one schedule's. */
export const commonZone = computed(() => (zoneChoice.value === 'viewer' ? viewersZone : 'UTC'))

/** The zone for a schedule's times; where it was made without one, its own is UTC. */
export function zoneFor(timeZone: string | undefined): string {
  return zoneChoice.value === 'own' && timeZone !== undefined && isZone(timeZone) ? timeZone : commonZone.value
}
