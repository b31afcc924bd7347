// Receives the events by webhook: begins with the feed, keeps the newest event of each subject, and says 204 when it
// is saved. What it does not accept comes again, for days; to read the feed once a day is only a safeguard.
import { createServer } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { Webhook } from 'standardwebhooks'
import { catchUp, keep } from './present.js'

const { WEBHOOK_SECRET, HOST = '127.0.0.1', PORT = '9000' } = process.env // whsec_…; a proxy in front has HTTPS
const DAY = 24 * 60 * 60 * 1000
const LARGEST = 1024 * 1024 // bytes
const webhook = new Webhook(WEBHOOK_SECRET)

async function read(request) {
  const parts = []
  let size = 0
  for await (const part of request) {
    size += part.length
    if (size > LARGEST) throw new Error('too large')
    parts.push(part)
  }
  return Buffer.concat(parts)
}

const server = createServer(async (request, response) => {
  let event
  try {
    event = webhook.verify(await read(request), request.headers) // who signed it, and that it is not an old one
  } catch (error) {
    console.error(`refused: ${error.message}`)
    return response.writeHead(400).end()
  }
  try {
    if (event.subject && event.sequence) keep(event) // a test event has no subject of its own
    response.writeHead(204).end()
  } catch (error) {
    console.error(error.message) // it is not saved: let it come again
    response.writeHead(503).end()
  }
})
server.listen(Number(PORT), HOST, () => console.log(`listens on ${HOST}:${server.address().port}`))

for (;;) {
  const done = await catchUp().then(() => true, (error) => console.error(error.message))
  if (done) console.log('has read the feed')
  await sleep(done ? DAY : 2000)
}
