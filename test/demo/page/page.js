import { explain, Refused } from './problems.js'
import { clockTime, duration, lateness, localTime, ownZone, tomorrowAtNine, zones } from './times.js'

const $ = (selector, within = document) => within.querySelector(selector)

/** Asks the application, which the page talks to alone. */
async function ask(path, { body, headers, ...options } = {}) {
  const json = body === undefined ? {} : { headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const response = await fetch(path, { ...options, ...json })
  if (!response.ok) throw new Refused(await response.json())
  return response
}

/** Says what is wrong; where a local time may mean two instants, with a button for each. */
function tell(place, error, choose) {
  const { text, choices } = explain(error)
  const buttons = choices.map(({ disambiguation, label }) => {
    const button = Object.assign(document.createElement('button'), { type: 'button', textContent: label })
    button.addEventListener('click', () => choose(disambiguation))
    return button
  })
  place.replaceChildren(text, ...buttons)
}

/** Has `send` do what a form is for, once at a time, and tells in the form what came in the way. */
function onSubmit(form, send) {
  const problem = $('.problem', form)
  let isUnderWay = false

  async function submit(disambiguation) {
    if (isUnderWay) return
    isUnderWay = true
    try {
      const fields = Object.fromEntries(new FormData(form))
      await send({ ...fields, text: fields.text.trim() }, disambiguation)
      problem.replaceChildren()
    } catch (error) {
      tell(problem, error, submit)
    } finally {
      isUnderWay = false
    }
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void submit()
  })
  // What was wrong with one time is not with another.
  form.addEventListener('input', () => problem.replaceChildren())
}

/** What a form's fields say about the moment, as Punctual takes it. */
function chosenMoment({ at, timeZone }, disambiguation) {
  // A field for date and time leaves out seconds that are 0.
  return { at: at.length === 16 ? `${at}:00` : at, timeZone: timeZone.trim(), disambiguation }
}

for (const zone of zones) $('#zones').append(new Option(zone, zone))

// A list shows what matches its field: where that is selected, whatever is typed takes its place.
for (const field of document.querySelectorAll('[name=timeZone]')) field.addEventListener('focus', () => field.select())

// To write

const compose = $('#compose')
const moment = $('.moment', compose)
compose.elements.timeZone.value = ownZone

compose.addEventListener('change', ({ target }) => {
  const { when, at, timeZone } = compose.elements
  if (target === at) when.value = 'chosen'
  moment.hidden = moment.disabled = !['tomorrow', 'chosen'].includes(when.value)
  if (when.value === 'tomorrow' && zones.includes(timeZone.value)) at.value = tomorrowAtNine(timeZone.value)
  if (when.value === 'chosen' && at.value === '') at.value = localTime(Date.now() + 120_000, ownZone).slice(0, 16)
})

onSubmit(compose, async ({ text, when, ...fields }, disambiguation) => {
  const time = moment.hidden ? { delaySeconds: Number(when) } : chosenMoment(fields, disambiguation)
  const { at, timeZone } = await (await ask('/scheduled', { method: 'POST', body: { text, ...time } })).json()
  compose.elements.text.value = ''
  $('#said').textContent = `It will appear at ${clockTime(Date.parse(at), timeZone)}.`
})

// To edit

const dialog = $('#edit')
const editor = $('form', dialog)
/** What is being edited: its name, its entity tag, and what the form's fields had at first. */
let edited

async function edit(name) {
  const response = await ask(`/scheduled/${name}`)
  const { text, at, timeZone = ownZone } = await response.json()
  const { elements } = editor
  Object.assign(elements.text, { value: text })
  Object.assign(elements.at, { value: localTime(Date.parse(at), timeZone) })
  Object.assign(elements.timeZone, { value: timeZone })
  edited = { name, etag: response.headers.get('etag'), text, at: elements.at.value, timeZone }
  $('.problem', editor).replaceChildren()
  dialog.showModal()
}

onSubmit(editor, async ({ text, ...fields }, disambiguation) => {
  // Only what has changed: a moment that was counted in seconds from another has milliseconds, which the field has not.
  const isMoved = fields.at !== edited.at || fields.timeZone !== edited.timeZone
  const change = { ...(text === edited.text ? {} : { text }), ...(isMoved ? chosenMoment(fields, disambiguation) : {}) }
  if (Object.keys(change).length > 0) {
    await ask(`/scheduled/${edited.name}`, { method: 'PATCH', headers: { 'if-match': edited.etag }, body: change })
  }
  dialog.close()
})

$('[data-do=close]', dialog).addEventListener('click', () => dialog.close())

async function withdraw(name) {
  await ask(`/scheduled/${name}`, { method: 'DELETE' })
  $('#scheduled-heading').focus()
}

// To read

/** A list that is as the application has it, whenever it is looked at again. What stays in it keeps its element, and the focus. */
function liveList(list, path, template, { keyOf, fill }) {
  const problem = $('.problem', list.parentElement)
  const elements = new Map()
  let looks = 0

  function show(items) {
    const keys = new Set(items.map(keyOf))
    for (const [key, element] of elements) if (!keys.has(key)) element.remove()
    items.forEach((item, index) => {
      const element = elements.get(keyOf(item)) ?? template.content.firstElementChild.cloneNode(true)
      elements.set(keyOf(item), element)
      fill(element, item)
      if (list.children[index] !== element) list.insertBefore(element, list.children[index] ?? null)
    })
    for (const key of elements.keys()) if (!keys.has(key)) elements.delete(key)
    list.ariaBusy = null
  }

  return async function look() {
    const turn = ++looks
    try {
      const items = await (await ask(path)).json()
      // Whoever has looked since knows better.
      if (turn !== looks) return
      show(items)
      problem.replaceChildren()
    } catch (error) {
      if (turn === looks) tell(problem, error)
    }
  }
}

const lookAtScheduled = liveList($('#scheduled'), '/scheduled', $('#scheduled-post'), {
  keyOf: ({ name }) => name,
  fill(element, { name, text, at, timeZone }) {
    const instant = Date.parse(at)
    element.dataset.name = name
    $('.text', element).textContent = text
    Object.assign($('time', element), { dateTime: at, textContent: clockTime(instant, timeZone) })
    Object.assign($('.countdown', element), { instant, textContent: countdown(instant) })
    for (const button of element.querySelectorAll('button')) button.ariaLabel = `${button.textContent}: ${text}`
  },
})

$('#scheduled').addEventListener('click', async ({ target, currentTarget }) => {
  const act = { edit, withdraw }[target.dataset.do]
  try {
    await act?.(target.closest('li').dataset.name)
  } catch (error) {
    tell($('.problem', currentTarget.parentElement), error)
  }
})

const lookAtFeed = liveList($('#feed'), '/feed', $('#post'), {
  keyOf: ({ id }) => id,
  fill(element, { text, dueAt, publishedAt }) {
    $('.text', element).textContent = text
    Object.assign($('time', element), { dateTime: new Date(publishedAt).toISOString(), textContent: clockTime(publishedAt) })
    $('.lateness', element).textContent = lateness(publishedAt - dueAt)
  },
})

function countdown(instant) {
  const left = instant - Date.now()
  return left > 0 ? `in ${duration(left)}` : 'now'
}

setInterval(() => {
  for (const element of document.querySelectorAll('.countdown')) element.textContent = countdown(element.instant)
}, 250)

function lookAtAll() {
  void lookAtScheduled()
  void lookAtFeed()
  $('#connection').textContent = ''
}

const events = new EventSource('/events')
events.addEventListener('open', lookAtAll)
events.addEventListener('message', lookAtAll)
events.addEventListener('error', () => {
  $('#connection').textContent = 'The application does not answer. What is scheduled appears all the same, once it runs.'
})
