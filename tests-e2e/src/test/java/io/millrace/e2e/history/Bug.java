package io.millrace.e2e.history;

import io.millrace.e2e.client.RawConnection;
import io.millrace.e2e.client.RawTopic;
import io.millrace.e2e.cluster.HostPort;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;

/// A bug that a server could have, planted between it and its clients.
///
/// Threads: any.
interface Bug {

    default void asked(ApiMessage request) {}

    default void answered(ApiMessage request, ApiMessage response) {}

    /// From some time on, one batch that was acknowledged is in no answer.
    final class LosesABatch implements Bug {
        private static final long AFTER_OFFSET = 100;
        private final AtomicLong lost = new AtomicLong(-1);

        @Override
        public void answered(ApiMessage request, ApiMessage response) {
            if (response instanceof FetchResponseData fetched) {
                fetched.responses()
                        .forEach(topic -> topic.partitions().stream()
                                .filter(partition -> partition.partitionIndex() == 0)
                                .forEach(this::lose));
            }
        }

        private void lose(FetchResponseData.PartitionData partition) {
            if (partition.records() instanceof MemoryRecords records) {
                List<ByteBuffer> kept = new ArrayList<>();
                for (MutableRecordBatch batch : records.batches()) {
                    if (batch.baseOffset() > AFTER_OFFSET) {
                        lost.compareAndSet(-1, batch.baseOffset());
                    }
                    if (batch.baseOffset() != lost.get()) {
                        ByteBuffer bytes = ByteBuffer.allocate(batch.sizeInBytes());
                        batch.writeTo(bytes);
                        kept.add(bytes.flip());
                    }
                }
                ByteBuffer all = ByteBuffer.allocate(
                        kept.stream().mapToInt(ByteBuffer::remaining).sum());
                kept.forEach(all::put);
                partition.setRecords(MemoryRecords.readableRecords(all.flip()));
            }
        }
    }

    /// Now and then, the end of a partition is answered as it was once.
    final class AnswersFromAStaleCache implements Bug {
        private static final int EVERY = 50;
        private final Map<Integer, Long> cache = new ConcurrentHashMap<>();
        private final AtomicInteger answers = new AtomicInteger();

        @Override
        public void answered(ApiMessage request, ApiMessage response) {
            if (response instanceof ListOffsetsResponseData told) {
                told.topics()
                        .forEach(topic -> topic.partitions().stream()
                                .filter(partition -> partition.errorCode() == 0)
                                .forEach(partition -> {
                                    long first =
                                            cache.computeIfAbsent(partition.partitionIndex(), _ -> partition.offset());
                                    if (answers.incrementAndGet() % EVERY == 0) {
                                        partition.setOffset(first);
                                    }
                                }));
            }
        }
    }

    /// One batch is stored a second time.
    final class RepeatsABatch implements Bug {
        private static final int AFTER_REQUESTS = 20;
        private static final int PRODUCE_VERSION = 9;
        private final HostPort server;
        private final String topic;
        private final AtomicInteger requests = new AtomicInteger();

        RepeatsABatch(HostPort server, String topic) {
            this.server = server;
            this.topic = topic;
        }

        @Override
        public void asked(ApiMessage request) {
            if (request instanceof ProduceRequestData produce && requests.incrementAndGet() == AFTER_REQUESTS) {
                ProduceRequestData.PartitionProduceData partition =
                        produce.topicData().iterator().next().partitionData().getFirst();
                SimpleRecord[] again = records((MemoryRecords) partition.records());
                try (RawConnection connection = RawConnection.open(server)) {
                    RawTopic.find(connection, topic)
                            .produce(
                                    connection,
                                    partition.index(),
                                    MemoryRecords.withRecords(Compression.NONE, again),
                                    PRODUCE_VERSION);
                }
            }
        }

        private static SimpleRecord[] records(MemoryRecords records) {
            List<SimpleRecord> copies = new ArrayList<>();
            for (Record record : records.records()) {
                copies.add(new SimpleRecord(record));
            }
            return copies.toArray(SimpleRecord[]::new);
        }
    }

    /// Now and then, a committed offset is answered as if it had been reset.
    final class ResetsAnOffset implements Bug {
        private static final int EVERY = 20;
        private final AtomicInteger answers = new AtomicInteger();

        @Override
        public void answered(ApiMessage request, ApiMessage response) {
            if (response instanceof OffsetFetchResponseData told && answers.incrementAndGet() % EVERY == 0) {
                told.groups()
                        .forEach(group -> group.topics()
                                .forEach(topic ->
                                        topic.partitions().forEach(partition -> partition.setCommittedOffset(0))));
            }
        }
    }
}
