// Follows the events over AMQP: begins with the feed, keeps the newest event of each subject, acks what is saved.
import { setTimeout as sleep } from 'node:timers/promises'
import amqp from 'amqplib'
import { catchUp, keep } from './present.js'

const { AMQP_URL } = process.env // amqps://subscriber.dashboard:…@events.example.go.id:5671
const QUEUE = decodeURIComponent(new URL(AMQP_URL).username) // the queue has the name of its user
const DAY = 24 * 60 * 60 * 1000

async function follow() {
  const connection = await amqp.connect(AMQP_URL)
  const lost = new Promise((_, reject) => {
    connection.on('error', reject)
    connection.on('close', () => reject(new Error('the connection is closed')))
  })
  lost.catch(() => {}) // it may be lost while the feed is read
  const daily = setInterval(() => catchUp().catch((error) => console.error(error.message)), DAY)
  try {
    await catchUp() // what was dropped while we were away; the queue holds what comes meanwhile
    const channel = await connection.createChannel()
    channel.on('error', (error) => connection.emit('error', error)) // such as 403: the subscriber is paused
    await channel.prefetch(50)
    await channel.consume(QUEUE, (message) => {
      if (message === null) return connection.emit('error', new Error('the queue is gone'))
      keep(JSON.parse(message.content))
      channel.ack(message)
    })
    console.log(`follows ${QUEUE}`)
    await lost
  } finally {
    clearInterval(daily)
    connection.close().catch(() => {})
  }
}

for (;;) {
  await follow().catch((error) => console.error(error.message))
  await sleep(2000)
}
