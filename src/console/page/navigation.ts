import { computed, signal } from '@preact/signals'
import { parseRoute } from './route.ts'

const hash = signal(location.hash)

addEventListener('hashchange', () => {
  hash.value = location.hash
})

export const route = computed(() => parseRoute(hash.value))

/** Goes somewhere, which the browser's way back leads away from. */
export function goTo(href: string): void {
  location.hash = href
}

/** The same place seen otherwise: the way back leads past it. */
export function adjustTo(href: string): void {
  history.replaceState(null, '', href)
  hash.value = href
}
