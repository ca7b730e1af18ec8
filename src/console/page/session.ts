import { signal } from '@preact/signals'

const storedAs = 'punctual.key'

/** The application's API key: kept for this tab, gone with it, and nowhere else. */
export const apiKey = signal<string | null>(sessionStorage.getItem(storedAs))

/** The service wants a key, or another one. */
export const isKeyWanted = signal(false)

export function signIn(key: string): void {
  sessionStorage.setItem(storedAs, key)
  apiKey.value = key
  isKeyWanted.value = false
}

export function signOut(): void {
  sessionStorage.removeItem(storedAs)
  apiKey.value = null
  isKeyWanted.value = true
}
