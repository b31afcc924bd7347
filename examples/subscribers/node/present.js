// The present: the newest event of each subject, and how it is read from the feed. It is kept in a file that only
// grows, a line for each thing that happened; your system would have a table with `subject` as its key.
import { appendFileSync, existsSync, readFileSync, truncateSync } from 'node:fs'

const { FEED_URL, FEED_TOKEN, STATE = 'present.jsonl' } = process.env

export const present = new Map() // subject → event
const unseen = new Set() // subjects that a feed that began anew has not told yet
let cursor = ''

const happens = {
  event(event) {
    unseen.delete(event.subject)
    if (present.get(event.subject)?.sequence >= event.sequence) return // a text of fixed width, so that it sorts
    present.set(event.subject, event)
  },
  cursor(after) { cursor = after },
  restart() { cursor = ''; for (const subject of present.keys()) unseen.add(subject) },
  complete() { for (const subject of unseen) present.delete(subject); unseen.clear() },
}

function record(what, value) {
  appendFileSync(STATE, JSON.stringify([what, value]) + '\n')
  happens[what](value)
}

const bytes = existsSync(STATE) ? readFileSync(STATE) : Buffer.alloc(0)
const whole = bytes.subarray(0, bytes.lastIndexOf('\n') + 1) // a crash may have cut off the last line
if (whole.length < bytes.length) truncateSync(STATE, whole.length)
for (const line of whole.toString().split('\n').slice(0, -1)) {
  const [what, value] = JSON.parse(line)
  happens[what](value)
}

// Keep an event unless it is old. Acknowledge it only when this has returned: then it is saved.
export function keep(event) {
  if (unseen.has(event.subject) || !(present.get(event.subject)?.sequence >= event.sequence)) record('event', event)
}

// Read from the feed what is new since its last page: everything at first, and whatever a full queue has dropped.
export async function catchUp() {
  for (let more = true; more;) {
    const answer = await fetch(`${FEED_URL}/events?limit=500&after=${cursor}`, {
      headers: { authorization: `Bearer ${FEED_TOKEN}` }, signal: AbortSignal.timeout(30_000),
    })
    if (answer.status === 410) { record('restart'); continue } // a feed that began anew: read it from its beginning
    if (!answer.ok) throw new Error(`the feed answers ${answer.status}: ${await answer.text()}`)
    const page = await answer.json()
    page.events.forEach(keep)
    record('cursor', page.cursor)
    if (!page.more && page.complete && unseen.size) record('complete')
    more = page.more
  }
}
