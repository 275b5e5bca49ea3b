package io.millrace.e2e.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Await;
import io.millrace.e2e.client.Batches;
import io.millrace.e2e.client.Batches.Sequence;
import io.millrace.e2e.client.Clients;
import io.millrace.e2e.client.RawConnection;
import io.millrace.e2e.client.RawTopic;
import io.millrace.e2e.client.RawTopic.Range;
import io.millrace.e2e.client.Reading;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.Service;
import io.millrace.e2e.cluster.WithCluster;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/// Each wrong Produce and Fetch gets the error that Kafka gives, leaves nothing in the log, and the next right one
/// works.
@WithCluster
final class WrongInputIT {
    private static final int VERSION = 9;

    private final Clients clients;
    private final RawConnection connection;
    private final RawTopic topic;

    WrongInputIT(MillraceCluster cluster, TestInfo test) {
        clients = new Clients(cluster.bootstrap());
        connection = RawConnection.open(cluster.kafka(Service.INGEST));
        String name = "wrong-" + test.getTestMethod().orElseThrow().getName();
        clients.createTopic(name, 1);
        topic = RawTopic.find(connection, name);
    }

    @AfterEach
    void nothingWrongIsInTheLogAndTheConnectionWorks() {
        int before = new Reading(clients).records(topic.name()).size();

        assertThat(produce(Batches.of("right"))).isEqualTo(Errors.NONE);
        assertThat(new Reading(clients).records(topic.name())).hasSize(before + 1);
        assertThat(before).isLessThanOrEqualTo(ALLOWED_BEFORE);
        connection.close();
    }

    /// The tests of idempotent producers write up to two right records.
    private static final int ALLOWED_BEFORE = 2;

    @Test
    void aWrongChecksumIsACorruptMessage() {
        assertThat(produce(Batches.withWrongChecksum(Batches.of("a", "b")))).isEqualTo(Errors.CORRUPT_MESSAGE);
    }

    @Test
    void aCountThatDoesNotFitIsAnInvalidRecord() {
        assertThat(produce(Batches.withCount(Batches.of("a", "b"), 3))).isEqualTo(Errors.INVALID_RECORD);
    }

    @Test
    void twoBatchesInOnePartitionAreInvalid() {
        assertThat(produce(Batches.twoInOne(Batches.of("a"), Batches.of("b")))).isEqualTo(Errors.INVALID_RECORD);
    }

    @Test
    void anOldRecordFormatIsRefused() {
        assertThat(produce(Batches.ofOldFormat((byte) 1, "a"))).isEqualTo(Errors.INVALID_RECORD);
    }

    @Test
    void zstdIsRefusedInVersionsThatDoNotKnowIt() {
        MemoryRecords zstd = Batches.numbered("z", 3, Compression.zstd().build());

        assertThat(Errors.forCode(topic.produce(connection, 0, zstd, 6).errorCode()))
                .isEqualTo(Errors.UNSUPPORTED_COMPRESSION_TYPE);
    }

    @Test
    void anAcknowledgementThatDoesNotExistIsRefused() {
        ProduceResponseData answer = connection.call(
                topic.produceRequest(0, Batches.of("a"), 2, VERSION), VERSION, ProduceResponseData.class);

        assertThat(Errors.forCode(RawTopic.produced(answer).errorCode())).isEqualTo(Errors.INVALID_REQUIRED_ACKS);
    }

    @Test
    void anUnknownTopicIsUnknownByNameAndById() {
        RawTopic stranger = new RawTopic("wrong-no-such-topic", Uuid.randomUuid());

        assertThat(Errors.forCode(stranger.produce(connection, 0, Batches.of("a"), VERSION)
                        .errorCode()))
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(Errors.forCode(
                        stranger.produce(connection, 0, Batches.of("a"), 13).errorCode()))
                .isEqualTo(Errors.UNKNOWN_TOPIC_ID);
        assertThat(Errors.forCode(stranger.fetch(connection, Range.at(0, 0), 12).errorCode()))
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void anUnknownPartitionIsUnknown() {
        assertThat(Errors.forCode(
                        topic.produce(connection, 7, Batches.of("a"), VERSION).errorCode()))
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(Errors.forCode(
                        topic.produce(connection, -1, Batches.of("a"), VERSION).errorCode()))
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(Errors.forCode(topic.fetch(connection, Range.at(7, 0), 12).errorCode()))
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void aTooLargeRecordIsRefused() {
        Map<String, Object> settings = Map.of("max.request.size", 8 << 20, "compression.type", "none");
        try (KafkaProducer<byte[], byte[]> producer = clients.producerWith(settings)) {
            Throwable failure = Await.failure(producer.send(new ProducerRecord<>(topic.name(), new byte[3 << 20])));

            assertThat(failure).isInstanceOf(RecordTooLargeException.class);
        }
        assertThat(produce(MemoryRecords.withRecords(
                        Compression.NONE, new org.apache.kafka.common.record.internal.SimpleRecord(new byte[2 << 20]))))
                .isEqualTo(Errors.MESSAGE_TOO_LARGE);
    }

    @Test
    void aRecordWithoutKeyIsRefusedByACompactedTopic() {
        String name = topic.name() + "-compacted";
        clients.createTopic(new NewTopic(name, 1, (short) -1).configs(Map.of("cleanup.policy", "compact")));
        RawTopic compacted = RawTopic.find(connection, name);

        assertThat(Errors.forCode(compacted
                        .produce(connection, 0, Batches.of("no key"), VERSION)
                        .errorCode()))
                .isEqualTo(Errors.INVALID_RECORD);
        assertThat(new Reading(clients).records(name)).isEmpty();
    }

    @Test
    void aSequenceWithAGapIsOutOfOrder() {
        Sequence producer = newProducer();

        assertThat(produce(Batches.idempotent(producer, "first"))).isEqualTo(Errors.NONE);
        assertThat(produce(Batches.idempotent(producer.at(5), "gap"))).isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertThat(produce(Batches.idempotent(producer.at(1), "second"))).isEqualTo(Errors.NONE);
    }

    @Test
    void aRetriedBatchKeepsItsFirstOffset() {
        Sequence producer = newProducer();

        var first = topic.produce(connection, 0, Batches.idempotent(producer, "once"), VERSION);
        var again = topic.produce(connection, 0, Batches.idempotent(producer, "once"), VERSION);

        assertThat(Errors.forCode(again.errorCode())).isEqualTo(Errors.NONE);
        assertThat(again.baseOffset()).isEqualTo(first.baseOffset());
        assertThat(new Reading(clients).records(topic.name())).hasSize(1);
    }

    @Test
    void anEpochThatWasReplacedIsFenced() {
        Sequence producer = newProducer();

        assertThat(produce(Batches.idempotent(producer.inEpoch(1), "newer"))).isEqualTo(Errors.NONE);
        assertThat(produce(Batches.idempotent(producer.inEpoch(0).at(1), "older")))
                .isEqualTo(Errors.INVALID_PRODUCER_EPOCH);
    }

    private Sequence newProducer() {
        InitProducerIdResponseData answer = connection.call(
                new InitProducerIdRequestData().setTransactionalId(null).setTransactionTimeoutMs(Integer.MAX_VALUE),
                4,
                InitProducerIdResponseData.class);
        assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.NONE);
        return new Sequence(answer.producerId(), answer.producerEpoch(), 0);
    }

    private Errors produce(MemoryRecords records) {
        return Errors.forCode(topic.produce(connection, 0, records, VERSION).errorCode());
    }

    @Test
    void severalTopicsOfWhichOneIsWrongAreAnsweredEach() {
        var request = topic.produceRequest(0, Batches.of("right too"), -1, VERSION);
        request.topicData()
                .add(new RawTopic("wrong-no-such-topic", Uuid.ZERO_UUID)
                        .produceRequest(0, Batches.of("a"), -1, VERSION)
                        .topicData()
                        .iterator()
                        .next()
                        .duplicate());

        ProduceResponseData answer = connection.call(request, VERSION, ProduceResponseData.class);

        List<Errors> errors = answer.responses().stream()
                .map(each -> Errors.forCode(each.partitionResponses().getFirst().errorCode()))
                .toList();
        assertThat(errors).containsExactlyInAnyOrder(Errors.NONE, Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }
}
