/** The application has not done what it was asked; `problem` is what it has answered. */
export class Refused extends Error {
  constructor(problem) {
    super(problem.detail)
    this.problem = problem
  }
}

/** Problems that are nobody's mistake, and those that the application itself finds, in words for whoever writes. */
const words = {
  precondition_failed: 'It was changed elsewhere meanwhile. Leave it, and edit it as it is now.',
  being_delivered: 'Its moment has come: it is appearing right now.',
  already_finished: 'It has appeared, or was withdrawn, already.',
  FST_ERR_VALIDATION: 'A post is some text, of 500 characters at most.',
}

const fields = { '/at': 'That time', '/timeZone': 'That time zone' }

/**
 * What to tell whoever has asked for something that was refused.
 *
 * @returns {{ text: string, choices: { disambiguation: string, label: string }[] }} `choices`: what a local time may have
 *   meant that a change of the clocks skips or repeats
 */
export function explain(error) {
  if (!(error instanceof Refused)) return { text: 'The application does not answer. Does it still run?', choices: [] }
  const { code, detail, message, errors } = error.problem
  const [first] = errors ?? []
  if (first === undefined) return { text: words[code] ?? detail ?? message, choices: [] }
  const text = `${fields[first.pointer] ?? first.pointer} ${first.message}.`
  // Both instants are in the text: "… Say disambiguation: earlier (2027-03-28T01:30:00.000+01:00) or later (…)".
  const choices = [...first.message.matchAll(/(earlier|later) \(\d{4}-\d\d-\d\dT(\d\d:\d\d:\d\d)[.\d]*(\S+)\)/g)]
  if (choices.length === 0) return { text, choices }
  return {
    text: text.replace(/Say disambiguation.*/, 'Which one is it to be?'),
    choices: choices.map(([, disambiguation, time, offset]) => ({ disambiguation, label: `${time.replace(/:00$/, '')} (UTC${offset})` })),
  }
}
