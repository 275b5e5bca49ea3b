package io.millrace.ingest.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.kafka.wire.KafkaResponse;
import io.millrace.kafka.wire.Uuids;
import io.millrace.model.AppendOutcome;
import io.millrace.model.Refusal;
import io.millrace.model.Topic;
import io.millrace.model.TopicConfigs;
import io.smallrye.mutiny.Uni;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.ProduceResponse;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ProduceHandlerTest {

    private static final int LATEST = ApiKeys.PRODUCE.latestVersion();

    private final IngestRig rig = new IngestRig();
    private final Topic orders = rig.store.createTopic("orders", 3);

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13})
    void recordsGetContiguousOffsetsInEveryVersion(int version) {
        PartitionProduceResponse first = produce(version, 0, Batches.records(CompressionType.NONE, 5));
        PartitionProduceResponse second = produce(version, 0, Batches.records(CompressionType.LZ4, 2));

        assertThat(first).returns(Errors.NONE.code(), PartitionProduceResponse::errorCode);
        assertThat(first.baseOffset()).isZero();
        assertThat(first.logStartOffset()).isEqualTo(version < 5 ? -1 : 0);
        assertThat(second.baseOffset()).isEqualTo(5);
    }

    @Test
    void aRetriedBatchKeepsItsFirstOffset() {
        MemoryRecords batch = Batches.idempotent(9, 0, 3);

        long first = produce(LATEST, 1, batch).baseOffset();
        produce(LATEST, 1, Batches.idempotent(9, 3, 2));
        PartitionProduceResponse retried = produce(LATEST, 1, batch);

        assertThat(retried.errorCode()).isEqualTo(Errors.NONE.code());
        assertThat(retried.baseOffset()).isEqualTo(first);
    }

    @Test
    void aGapInTheSequenceIsTold() {
        produce(LATEST, 1, Batches.idempotent(9, 0, 3));

        PartitionProduceResponse gap = produce(LATEST, 1, Batches.idempotent(9, 7, 1));

        assertThat(gap.errorCode()).isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER.code());
    }

    @Test
    void partitionsOfARequestSucceedAndFailByThemselves() {
        ProduceRequestData request = request(LATEST, -1);
        request.topicData()
                .add(topic(
                        Uuids.of(orders.id()),
                        part(0, Batches.records(CompressionType.NONE, 1)),
                        part(99, Batches.records(CompressionType.NONE, 1)),
                        part(2, MemoryRecords.EMPTY)));
        request.topicData().add(topic(new Uuid(5, 5), part(0, Batches.records(CompressionType.NONE, 1))));

        ProduceResponse response = (ProduceResponse) rig.ask(ApiKeys.PRODUCE, LATEST, request);

        assertThat(response.data().responses())
                .flatExtracting(topic -> topic.partitionResponses())
                .extracting(part -> Errors.forCode(part.errorCode()))
                .containsExactly(
                        Errors.NONE, Errors.UNKNOWN_TOPIC_OR_PARTITION, Errors.INVALID_RECORD, Errors.UNKNOWN_TOPIC_ID);
    }

    @Test
    void anUnknownNameIsAnUnknownTopic() {
        ProduceRequestData request = request(12, -1);
        request.topicData()
                .add(new TopicProduceData()
                        .setName("nothing")
                        .setPartitionData(List.of(part(0, Batches.records(CompressionType.NONE, 1)))));

        assertThat(only(rig.ask(ApiKeys.PRODUCE, 12, request)).errorCode())
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
    }

    @Test
    void onlyThreeKindsOfAcknowledgementExist() {
        ProduceRequestData request = ordersRequest(LATEST, 2, 0, Batches.records(CompressionType.NONE, 1));

        assertThat(only(rig.ask(ApiKeys.PRODUCE, LATEST, request)).errorCode())
                .isEqualTo(Errors.INVALID_REQUIRED_ACKS.code());
        assertThat(rig.appended).isEmpty();
    }

    @Test
    void withoutAcksSuccessIsSilentAndFailureHangsUp() {
        KafkaResponse good = rig.answer(
                ApiKeys.PRODUCE, LATEST, ordersRequest(LATEST, 0, 0, Batches.records(CompressionType.NONE, 1)));
        KafkaResponse bad = rig.answer(
                ApiKeys.PRODUCE, LATEST, ordersRequest(LATEST, 0, 77, Batches.records(CompressionType.NONE, 1)));

        assertThat(good).isInstanceOf(KafkaResponse.Silence.class);
        assertThat(bad).isInstanceOf(KafkaResponse.Disconnect.class);
        assertThat(rig.appended).hasSize(1);
    }

    @Test
    void transactionsAreRefusedClearly() {
        MemoryRecords transactional = MemoryRecords.withTransactionalRecords(
                Compression.NONE, 9, (short) 0, 0, new SimpleRecord(IngestRig.NOW, new byte[] {1}));

        PartitionProduceResponse response = produce(LATEST, 0, transactional);
        ProduceRequestData named = ordersRequest(LATEST, -1, 0, transactional).setTransactionalId("t");

        assertThat(response.errorCode()).isEqualTo(Errors.INVALID_TXN_STATE.code());
        assertThat(response.errorMessage()).contains("not supported");
        assertThat(only(rig.ask(ApiKeys.PRODUCE, LATEST, named)).errorCode())
                .isEqualTo(Errors.INVALID_TXN_STATE.code());
        assertThat(rig.appended).isEmpty();
    }

    @Test
    void aTransactionalBatchIsRefusedWhereTheTopicRecompressesToo() {
        Topic zipped = rig.store.createTopic("zipped", 1, Map.of(TopicConfigs.COMPRESSION_TYPE, "gzip"));
        MemoryRecords transactional = MemoryRecords.withTransactionalRecords(
                Compression.NONE, 9, (short) 0, 0, new SimpleRecord(IngestRig.NOW, new byte[] {1}));
        ProduceRequestData request = request(LATEST, -1);
        request.topicData().add(topic(Uuids.of(zipped.id()), part(0, transactional)));

        PartitionProduceResponse response = only(rig.ask(ApiKeys.PRODUCE, LATEST, request));

        assertThat(response.errorCode()).isEqualTo(Errors.INVALID_TXN_STATE.code());
        assertThat(rig.appended).isEmpty();
    }

    @Test
    void aPartitionTakesExactlyOneBatchOfTheNewFormat() {
        ByteBuffer one = Batches.records(CompressionType.NONE, 1).buffer();
        ByteBuffer two = ByteBuffer.allocate(2 * one.remaining())
                .put(one.duplicate())
                .put(one.duplicate())
                .flip();
        ByteBuffer old = ByteBuffer.allocate(one.remaining())
                .put(one.duplicate())
                .put(16, (byte) 1)
                .flip();
        ByteBuffer cut = one.duplicate().limit(one.limit() - 1);

        assertThat(produce(LATEST, 0, MemoryRecords.readableRecords(two)).errorMessage())
                .contains("exactly one record batch");
        assertThat(produce(LATEST, 0, MemoryRecords.readableRecords(old)).errorMessage())
                .contains("magic version 2");
        assertThat(produce(LATEST, 0, MemoryRecords.readableRecords(cut)).errorCode())
                .isEqualTo(Errors.INVALID_RECORD.code());
        assertThat(produce(LATEST, 0, null).errorCode()).isEqualTo(Errors.INVALID_RECORD.code());
    }

    @Test
    void zstdIsForVersionsThatKnowIt() {
        assertThat(produce(6, 0, Batches.records(CompressionType.ZSTD, 1)).errorCode())
                .isEqualTo(Errors.UNSUPPORTED_COMPRESSION_TYPE.code());
        assertThat(produce(7, 0, Batches.records(CompressionType.ZSTD, 1)).errorCode())
                .isEqualTo(Errors.NONE.code());
    }

    @Test
    void singleRecordsThatAreToBlameAreNamed() {
        Topic compacted = rig.store.createTopic("state", 1, Map.of(TopicConfigs.CLEANUP_POLICY, "compact"));
        ProduceRequestData request = request(LATEST, -1);
        request.topicData().add(topic(Uuids.of(compacted.id()), part(0, Batches.keyless(CompressionType.NONE))));

        PartitionProduceResponse response = only(rig.ask(ApiKeys.PRODUCE, LATEST, request));

        assertThat(response.errorCode()).isEqualTo(Errors.INVALID_RECORD.code());
        assertThat(response.recordErrors())
                .singleElement()
                .satisfies(error -> assertThat(error.batchIndex()).isEqualTo(1));
    }

    @Test
    void aConnectionsBatchesAreAppendedInTheOrderInWhichTheyCame() {
        rig.holdValidations();
        Uni<KafkaResponse> slow = send(Batches.records(CompressionType.GZIP, 2_000));
        Uni<KafkaResponse> quick = send(Batches.records(CompressionType.NONE, 1));
        Uni<KafkaResponse> slowToo = send(Batches.records(CompressionType.GZIP, 1_999));
        // One of them is ready, but not the first.
        assertThat(rig.appended).isEmpty();

        rig.heldValidations.get(0).run();
        assertThat(rig.appended).hasSize(2);
        rig.heldValidations.get(1).run();

        assertThat(rig.appended).extracting(batch -> batch.recordCount()).containsExactly(2_000, 1, 1_999);
        assertThat(List.of(slow, quick, slowToo))
                .extracting(
                        answer -> only(((KafkaResponse.Answer) answer.await().indefinitely()).body())
                                .baseOffset())
                .containsExactly(0L, 2_000L, 2_001L);
    }

    @Test
    void whatInflatesMuchIsNotDecompressedOnTheEventLoop() {
        rig.holdValidations();
        MemoryRecords inflating = Batches.bomb(CompressionType.ZSTD, 200_000);
        assertThat(inflating.sizeInBytes()).isLessThan(rig.options.quickBytes());
        ProduceRequestData request = request(LATEST, -1);
        request.topicData().add(topic(Uuids.of(orders.id()), part(0, inflating), part(1, inflating)));

        Uni<KafkaResponse> answer = rig.send(ApiKeys.PRODUCE, LATEST, request);
        assertThat(rig.heldValidations).as("of two, each of which may be").hasSize(1);
        rig.heldValidations.getFirst().run();

        assertThat(answer.await().indefinitely()).isInstanceOf(KafkaResponse.Answer.class);
        assertThat(rig.appended).hasSize(2);
    }

    @Test
    void nothingIsAppendedWhileTheStreamIsFull() {
        CompletableFuture<Void> drained = new CompletableFuture<>();
        rig.isWritable = false;
        rig.writable = Uni.createFrom().completionStage(drained);
        send(Batches.records(CompressionType.NONE, 1));
        rig.isWritable = true;
        send(Batches.records(CompressionType.NONE, 2));
        assertThat(rig.appended).isEmpty();

        drained.complete(null);

        assertThat(rig.appended).extracting(batch -> batch.recordCount()).containsExactly(1, 2);
    }

    @Test
    void whatNobodyKnowsIsATimeOutAndABrokenDiskIsAStorageError() {
        rig.append = (id, batch) -> Uni.createFrom().item(new AppendOutcome.Unknown("silent"));
        assertThat(produce(LATEST, 0, Batches.records(CompressionType.NONE, 1)).errorCode())
                .isEqualTo(Errors.REQUEST_TIMED_OUT.code());

        rig.append = (id, batch) -> Uni.createFrom().item(new AppendOutcome.Refused(Refusal.DISK_FULL, "full"));
        assertThat(produce(LATEST, 0, Batches.records(CompressionType.NONE, 1)).errorCode())
                .isEqualTo(Errors.KAFKA_STORAGE_ERROR.code());
        assertThat(produce(3, 0, Batches.records(CompressionType.NONE, 1)).errorCode())
                .as("a version that does not know the error")
                .isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER.code());
    }

    private Uni<KafkaResponse> send(MemoryRecords records) {
        return rig.send(ApiKeys.PRODUCE, LATEST, ordersRequest(LATEST, -1, 0, records));
    }

    private PartitionProduceResponse produce(int version, int partition, @Nullable BaseRecords records) {
        return only(rig.ask(ApiKeys.PRODUCE, version, ordersRequest(version, -1, partition, records)));
    }

    private ProduceRequestData ordersRequest(int version, int acks, int partition, @Nullable BaseRecords records) {
        ProduceRequestData request = request(version, acks);
        TopicProduceData topic = topic(version < 13 ? Uuid.ZERO_UUID : Uuids.of(orders.id()), part(partition, records));
        request.topicData().add(version < 13 ? topic.setName("orders") : topic);
        return request;
    }

    private static ProduceRequestData request(int version, int acks) {
        assertThat(version).isBetween((int) ApiKeys.PRODUCE.oldestVersion(), LATEST);
        return new ProduceRequestData().setAcks((short) acks).setTimeoutMs(1_000);
    }

    private static TopicProduceData topic(Uuid id, PartitionProduceData... parts) {
        return new TopicProduceData().setTopicId(id).setPartitionData(List.of(parts));
    }

    private static PartitionProduceData part(int partition, @Nullable BaseRecords records) {
        return new PartitionProduceData().setIndex(partition).setRecords(records);
    }

    private static PartitionProduceResponse only(Object response) {
        return ((ProduceResponse) response)
                .data()
                .responses()
                .iterator()
                .next()
                .partitionResponses()
                .getFirst();
    }
}
