"""confluent-kafka: produce BOOTSTRAP TOPIC | consume BOOTSTRAP TOPIC GROUP | version."""
import signal
import sys

import confluent_kafka


def produce(bootstrap, topic):
    failures = []
    producer = confluent_kafka.Producer({"bootstrap.servers": bootstrap, "enable.idempotence": True,
                                         "message.timeout.ms": 180_000})
    for line in sys.stdin:
        producer.produce(topic, line.rstrip("\n"),
                         on_delivery=lambda error, _: failures.append(error) if error else None)
        producer.poll(0)
    if producer.flush(120) or failures:
        sys.exit(f"not delivered: {failures}")


def consume(bootstrap, topic, group):
    consumer = confluent_kafka.Consumer({"bootstrap.servers": bootstrap, "group.id": group,
                                         "auto.offset.reset": "earliest", "enable.auto.commit": False,
                                         "session.timeout.ms": 10_000})
    ended = []
    signal.signal(signal.SIGTERM, lambda *_: ended.append(True))
    consumer.subscribe([topic])
    is_uncommitted = False
    while not ended:
        for record in consumer.consume(500, timeout=0.2):
            if record.error():
                print("no record:", record.error(), flush=True)
                continue
            print(record.partition(), record.offset(), record.value().decode(), flush=True)
            is_uncommitted = True
        try:
            if is_uncommitted:
                consumer.commit(asynchronous=False)
                is_uncommitted = False
        except confluent_kafka.KafkaException as failed:
            print("not committed:", repr(failed), flush=True)
    consumer.close()


if sys.argv[1] == "version":
    print(confluent_kafka.version()[0], "with librdkafka", confluent_kafka.libversion()[0])
else:
    {"produce": produce, "consume": consume}[sys.argv[1]](*sys.argv[2:])
