// KafkaJS: produce BOOTSTRAP TOPIC | consume BOOTSTRAP TOPIC GROUP | version.
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import kafkajs from 'kafkajs'

const [action, bootstrap, topic, groupId] = process.argv.slice(2)
const kafka = new kafkajs.Kafka({
  brokers: [bootstrap],
  logLevel: kafkajs.logLevel.NOTHING,
  connectionTimeout: 5_000,
  retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 200 },
})
const BATCH = 50

async function produce() {
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 })
  await producer.connect()
  let batch = []
  const send = async () => {
    const messages = batch
    batch = []
    if (messages.length > 0) await producer.send({ topic, acks: -1, messages })
  }
  for await (const line of createInterface({ input: process.stdin })) {
    batch.push({ value: line })
    if (batch.length === BATCH) await send()
  }
  await send()
  await producer.disconnect()
}

async function consume() {
  const consumer = kafka.consumer({ groupId, sessionTimeout: 10_000, heartbeatInterval: 1_000 })
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  process.once('SIGTERM', async () => {
    await consumer.disconnect()
    process.exit(0)
  })
  await consumer.run({
    autoCommitInterval: 500,
    eachMessage: async ({ partition, message }) => {
      process.stdout.write(`${partition} ${message.offset} ${message.value}\n`)
    },
  })
}

if (action === 'version') {
  console.log(createRequire(import.meta.url)('kafkajs/package.json').version)
} else if (action === 'produce') {
  await produce()
} else {
  await consume()
}
