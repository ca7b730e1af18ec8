import { useLayoutEffect, useRef } from 'preact/hooks'

/** For what appears in answer to what somebody did, and is what they go on with. */
export function useFocusOnMount<Kind extends HTMLElement>() {
  const element = useRef<Kind>(null)
  useLayoutEffect(() => element.current?.focus(), [])
  return element
}
