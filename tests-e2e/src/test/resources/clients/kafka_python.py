"""kafka-python: produce BOOTSTRAP TOPIC | consume BOOTSTRAP TOPIC GROUP | version."""
import signal
import sys

import kafka


def produce(bootstrap, topic):
    # Not idempotent: one request at a time keeps the order, and a retry may repeat.
    producer = kafka.KafkaProducer(bootstrap_servers=bootstrap, acks="all", retries=100_000, retry_backoff_ms=100,
                                   request_timeout_ms=120_000, max_in_flight_requests_per_connection=1)
    sent = [producer.send(topic, line.rstrip("\n").encode()) for line in sys.stdin]
    for each in sent:
        each.get(timeout=120)
    producer.close()


def consume(bootstrap, topic, group):
    consumer = kafka.KafkaConsumer(topic, bootstrap_servers=bootstrap, group_id=group, auto_offset_reset="earliest",
                                   enable_auto_commit=False, session_timeout_ms=10_000)
    ended = []
    signal.signal(signal.SIGTERM, lambda *_: ended.append(True))
    is_uncommitted = False
    while not ended:
        for records in consumer.poll(timeout_ms=200).values():
            for record in records:
                print(record.partition, record.offset, record.value.decode(), flush=True)
                is_uncommitted = True
        try:
            if is_uncommitted:
                consumer.commit()
                is_uncommitted = False
        except kafka.errors.KafkaError as failed:
            print("not committed:", repr(failed), flush=True)
    consumer.close(autocommit=False)


if sys.argv[1] == "version":
    print(kafka.__version__)
else:
    {"produce": produce, "consume": consume}[sys.argv[1]](*sys.argv[2:])
