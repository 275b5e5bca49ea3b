package io.millrace.e2e.coverage;

import static io.millrace.e2e.coverage.Scene.assertNone;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Batches;
import io.millrace.e2e.client.RawTopic;
import io.millrace.e2e.client.RawTopic.Range;
import io.millrace.e2e.cluster.Service;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.record.internal.MemoryRecords;

/// Effects of the APIs that write and read records.
final class RecordEffects {
    private static final int FIRST_PRODUCE = 3;
    private static final int EARLIEST = -2;
    private static final int LATEST = -1;
    private static final int MAX_TIMESTAMP = -3;

    private RecordEffects() {}

    static Map<ApiKeys, Effect> all() {
        return Map.of(
                ApiKeys.PRODUCE, RecordEffects::produce,
                ApiKeys.FETCH, RecordEffects::fetch,
                ApiKeys.LIST_OFFSETS, RecordEffects::listOffsets,
                ApiKeys.OFFSET_FOR_LEADER_EPOCH, RecordEffects::offsetForLeaderEpoch,
                ApiKeys.INIT_PRODUCER_ID, RecordEffects::initProducerId,
                ApiKeys.DELETE_RECORDS, RecordEffects::deleteRecords);
    }

    /// What is produced is read. The versions before 3 are named for old clients' sake only, and close the connection.
    private static void produce(Scene scene, int version) {
        if (version < FIRST_PRODUCE) {
            scene.assertClosesTheConnection(ApiKeys.PRODUCE, version);
            return;
        }
        RawTopic topic = scene.freshTopicWith(2);
        MemoryRecords batch = Batches.numbered("produced-", 3, Compression.NONE);

        ProduceResponseData answer =
                call(scene, topic.produceRequest(0, batch, -1, version), version, ProduceResponseData.class);

        assertNone(RawTopic.produced(answer).errorCode());
        assertThat(RawTopic.produced(answer).baseOffset()).isEqualTo(2);
        MemoryRecords read = RawTopic.records(topic.fetch(scene.connection(Service.INGEST), Range.at(0, 2), 12));
        assertThat(Batches.producersBytes(read.batches().iterator().next()))
                .isEqualTo(Batches.producersBytes(batch.batches().iterator().next()));
    }

    /// The covering batch, the high watermark, and nothing at the end; from both services that answer it.
    private static void fetch(Scene scene, int version) {
        RawTopic topic = scene.freshTopicWith(3);
        for (Service service : List.of(Service.INGEST, Service.FETCH)) {
            ApiMessage request = topic.fetchRequest(Range.at(0, 1), version);

            var partition = RawTopic.fetched(scene.call(service, request, version, FetchResponseData.class));

            assertNone(partition.errorCode());
            assertThat(partition.highWatermark()).isEqualTo(3);
            assertThat(RawTopic.records(partition).batches().iterator().next().baseOffset())
                    .isEqualTo(1);
            ApiMessage atTheEnd = topic.fetchRequest(Range.at(0, 3).waiting(1, 20), version);
            FetchResponseData nothing = scene.call(service, atTheEnd, version, FetchResponseData.class);
            assertThat(RawTopic.records(RawTopic.fetched(nothing)).sizeInBytes())
                    .isZero();
        }
    }

    /// Both ends, an offset by time, and the largest time where the version knows it.
    private static void listOffsets(Scene scene, int version) {
        RawTopic topic = scene.freshTopicWith(4);
        long time = RawTopic.records(topic.fetch(scene.connection(Service.INGEST), Range.at(0, 0), 12))
                .records()
                .iterator()
                .next()
                .timestamp();

        assertThat(offset(scene, topic, EARLIEST, version)).isZero();
        assertThat(offset(scene, topic, LATEST, version)).isEqualTo(4);
        assertThat(offset(scene, topic, time, version)).isZero();
        assertThat(offset(scene, topic, time + 1_000_000, version)).isEqualTo(-1);
        if (version >= 7) {
            assertThat(offset(scene, topic, MAX_TIMESTAMP, version)).isZero();
        }
    }

    private static long offset(Scene scene, RawTopic topic, long timestamp, int version) {
        ListOffsetsRequestData request = new ListOffsetsRequestData()
                .setReplicaId(-1)
                .setTopics(List.of(new ListOffsetsRequestData.ListOffsetsTopic()
                        .setName(topic.name())
                        .setPartitions(List.of(new ListOffsetsRequestData.ListOffsetsPartition()
                                .setPartitionIndex(0)
                                .setTimestamp(timestamp)))));
        var answer = call(scene, request, version, ListOffsetsResponseData.class)
                .topics()
                .getFirst()
                .partitions()
                .getFirst();
        assertNone(answer.errorCode());
        return answer.offset();
    }

    /// The end of the current epoch is the end of the log.
    private static void offsetForLeaderEpoch(Scene scene, int version) {
        RawTopic topic = scene.freshTopicWith(5);
        int epoch = topic.offset(scene.connection(Service.INGEST), 0, LATEST, 7).leaderEpoch();
        OffsetForLeaderEpochRequestData request = new OffsetForLeaderEpochRequestData();
        if (version >= 3) {
            request.setReplicaId(-1);
        }
        request.topics()
                .add(new OffsetForLeaderEpochRequestData.OffsetForLeaderTopic()
                        .setTopic(topic.name())
                        .setPartitions(List.of(new OffsetForLeaderEpochRequestData.OffsetForLeaderPartition()
                                .setPartition(0)
                                .setLeaderEpoch(epoch))));

        var answer = call(scene, request, version, OffsetForLeaderEpochResponseData.class)
                .topics()
                .iterator()
                .next()
                .partitions()
                .getFirst();

        assertNone(answer.errorCode());
        assertThat(answer.endOffset()).isEqualTo(5);
        assertThat(answer.leaderEpoch()).isEqualTo(epoch);
    }

    /// Ids that nobody else got, with which a producer may write.
    private static void initProducerId(Scene scene, int version) {
        InitProducerIdRequestData request =
                new InitProducerIdRequestData().setTransactionalId(null).setTransactionTimeoutMs(60_000);

        InitProducerIdResponseData first = call(scene, request, version, InitProducerIdResponseData.class);
        InitProducerIdResponseData second = call(scene, request, version, InitProducerIdResponseData.class);

        assertNone(first.errorCode());
        assertThat(first.producerEpoch()).isZero();
        assertThat(second.producerId()).isNotEqualTo(first.producerId());
        RawTopic topic = scene.freshTopic(1);
        var sequence = new Batches.Sequence(first.producerId(), first.producerEpoch(), 0);
        assertNone(topic.produce(scene.connection(Service.INGEST), 0, Batches.idempotent(sequence, "a"), 9)
                .errorCode());
    }

    /// What is below the new start is out of range.
    private static void deleteRecords(Scene scene, int version) {
        RawTopic topic = scene.freshTopicWith(6);
        DeleteRecordsRequestData request = new DeleteRecordsRequestData()
                .setTimeoutMs(30_000)
                .setTopics(List.of(new DeleteRecordsRequestData.DeleteRecordsTopic()
                        .setName(topic.name())
                        .setPartitions(List.of(new DeleteRecordsRequestData.DeleteRecordsPartition()
                                .setPartitionIndex(0)
                                .setOffset(4)))));

        var answer = call(scene, request, version, DeleteRecordsResponseData.class)
                .topics()
                .iterator()
                .next()
                .partitions()
                .iterator()
                .next();

        assertNone(answer.errorCode());
        assertThat(answer.lowWatermark()).isEqualTo(4);
        assertThat(topic.offset(scene.connection(Service.INGEST), 0, EARLIEST, 7)
                        .offset())
                .isEqualTo(4);
    }

    private static <T extends ApiMessage> T call(Scene scene, ApiMessage request, int version, Class<T> type) {
        return scene.call(Service.INGEST, request, version, type);
    }
}
