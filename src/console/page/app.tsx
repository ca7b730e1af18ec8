import type { JSX } from 'preact'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import { loadedAt, refresh } from './loaded.ts'
import { route } from './navigation.ts'
import { announce, clearNotice, Notices } from './notice.tsx'
import { commonZone, viewersZone, type ZoneChoice, zoneChoice } from './preferences.ts'
import { overviewHref, type Route } from './route.ts'
import { apiKey, isKeyWanted, signOut } from './session.ts'
import { Overview } from './views/overview.tsx'
import { ScheduleView } from './views/schedule.tsx'
import { Schedules } from './views/schedules.tsx'
import { SignIn } from './views/signIn.tsx'
import { formatMoment } from './zone.ts'

export function App() {
  const main = useFocusOnArrival(isKeyWanted.value ? 'sign in' : placeOf(route.value))
  return (
    <>
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault()
          main.current?.focus()
        }}
      >
        Skip to content
      </a>
      <Header />
      <main id="main" ref={main} tabIndex={-1}>
        {isKeyWanted.value ? <SignIn /> : <View route={route.value} />}
      </main>
      <Notices />
    </>
  )
}

function View({ route }: { readonly route: Route }): JSX.Element {
  switch (route.view) {
    case 'overview':
      return <Overview coming={route.coming} past={route.past} />
    case 'schedules':
      return <Schedules filter={route.filter} />
    case 'schedule':
      return <ScheduleView key={route.name} name={route.name} />
    case 'nowhere':
      return (
        <>
          <h1 tabIndex={-1}>There is nothing here</h1>
          <p>
            The address may have been mistyped. <a href={overviewHref('hour', 'hour')}>Go to the overview</a>.
          </p>
        </>
      )
  }
}

/** What is a place of its own, and not another look at the same one. */
function placeOf(route: Route): string {
  return route.view === 'schedule' ? `schedule ${route.name}` : route.view
}

/** Whoever has gone somewhere is at its heading, where reading begins. */
function useFocusOnArrival(place: string) {
  const main = useRef<HTMLElement>(null)
  const last = useRef(place)
  useLayoutEffect(() => {
    const heading = main.current?.querySelector('h1')
    document.title = `${heading?.textContent ?? 'Console'} · Punctual`
    if (last.current === place) return
    last.current = place
    clearNotice()
    window.scrollTo(0, 0)
    const focused = main.current?.querySelector<HTMLElement>('[autofocus]') ?? heading
    focused?.focus()
  }, [place])
  return main
}

function Header() {
  const { view } = route.value
  const isAtSchedules = view === 'schedules' || view === 'schedule'
  return (
    <header>
      <a class="brand" href={overviewHref('hour', 'hour')}>
        <svg viewBox="0 0 32 32" aria-hidden="true">
          <rect width="32" height="32" rx="8" />
          <path d="M16 8v8l5 3.5" />
        </svg>
        Punctual
      </a>
      {!isKeyWanted.value && (
        <nav aria-label="Console">
          <a href={overviewHref('hour', 'hour')} aria-current={view === 'overview' ? 'page' : undefined}>
            Overview
          </a>
          <a href="#/schedules?status=scheduled" aria-current={isAtSchedules ? 'page' : undefined}>
            Schedules
          </a>
          <a href="docs">API</a>
        </nav>
      )}
      {!isKeyWanted.value && (
        <div class="tools">
          <ZoneSwitch />
          <Refresh />
          {apiKey.value !== null && (
            <button type="button" class="quiet" onClick={signOut}>
              Sign out
            </button>
          )}
        </div>
      )}
    </header>
  )
}

function ZoneSwitch() {
  return (
    <label class="inline">
      Times in
      <select
        value={zoneChoice.value}
        onChange={(event) => {
          zoneChoice.value = event.currentTarget.value as ZoneChoice
        }}
      >
        <option value="viewer">{viewersZone} (here)</option>
        <option value="utc">UTC</option>
        <option value="own">each schedule’s own zone</option>
      </select>
    </label>
  )
}

function Refresh() {
  // Told once it is there, and only to whoever has asked for it.
  const isAskedFor = useRef(false)
  useEffect(
    () =>
      loadedAt.subscribe(() => {
        if (isAskedFor.current) announce('Refreshed.')
        isAskedFor.current = false
      }),
    [],
  )
  const at = loadedAt.value
  return (
    <button
      type="button"
      class="quiet"
      title="It refreshes by itself while it can be seen."
      onClick={() => {
        isAskedFor.current = true
        refresh()
      }}
    >
      Refresh
      {at !== undefined && <span class="updated"> {formatMoment(at, commonZone.value, 'seconds').slice(11)}</span>}
    </button>
  )
}
