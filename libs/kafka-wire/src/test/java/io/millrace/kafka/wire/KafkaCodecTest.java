package io.millrace.kafka.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.model.RecordBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.apache.kafka.common.message.ApiMessageType.ListenerType;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ApiVersionsResponse;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.ProduceRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class KafkaCodecTest {

    private static final ClientDetails CLIENT = ClientDetails.unnamed("127.0.0.1", 1, "test");

    static Stream<ApiKeys> apis() {
        return ApiKeys.brokerApis().stream()
                .filter(api -> api.messageType.listeners().contains(ListenerType.BROKER))
                // Produce with the default acks, 0, has no error response; a default ACL filter is no valid request.
                .filter(api -> api != ApiKeys.PRODUCE && api != ApiKeys.DESCRIBE_ACLS);
    }

    @ParameterizedTest
    @MethodSource("apis")
    void everyVersionOfEveryApiCarriesItsErrorToTheClient(ApiKeys api) {
        List<Short> answered = new ArrayList<>();
        for (short version : stableVersions(api)) {
            KafkaRequest request = parsed(frame(api, version, 77, api.messageType.newRequest()));
            AbstractResponse error = request.body().getErrorResponse(0, Errors.UNKNOWN_SERVER_ERROR.exception());

            ByteBuffer reply = KafkaCodec.replyFrame(request, error);

            AbstractResponse read = AbstractResponse.parseResponse(reply, request.header());
            assertThat(read.getClass()).isEqualTo(error.getClass());
            answered.add(version);
        }

        assertThat(answered).isEqualTo(stableVersions(api));
    }

    @Test
    void producedRecordsAreASliceOfTheFrame() {
        for (short version : stableVersions(ApiKeys.PRODUCE)) {
            ByteBuffer frame = frame(ApiKeys.PRODUCE, version, 1, produce());

            KafkaRequest request = parsed(frame);

            MemoryRecords records = (MemoryRecords) ((ProduceRequest) request.body())
                    .data()
                    .topicData()
                    .iterator()
                    .next()
                    .partitionData()
                    .get(0)
                    .records();
            frame.put(0, new byte[frame.limit()]);
            assertThat(records.buffer()).isEqualTo(ByteBuffer.allocate(records.sizeInBytes()));
        }
    }

    @Test
    void fetchedRecordsAreWrittenFromWhereTheyLie() {
        byte[] stored = bytes(batch("value"));
        RecordBatch view = RecordBatch.view(ByteBuffer.wrap(stored));
        FetchResponse response = fetchResponse(List.of(view, view));
        KafkaRequest request = parsed(frame(ApiKeys.FETCH, (short) 12, 5, ApiKeys.FETCH.messageType.newRequest()));

        List<ByteBuffer> buffers = KafkaCodec.serialize(request, response);

        List<ByteBuffer> records =
                buffers.stream().filter(b -> b.remaining() == stored.length).toList();
        assertThat(records).hasSize(2);
        stored[stored.length - 1]++;
        assertThat(records.get(0).get(stored.length - 1)).isEqualTo(stored[stored.length - 1]);
    }

    @Test
    void aFetchResponseHasTheStoredBytesInEveryVersion() {
        RecordBatch batch = batch("value");
        for (short version : stableVersions(ApiKeys.FETCH)) {
            KafkaRequest request = parsed(frame(ApiKeys.FETCH, version, 5, ApiKeys.FETCH.messageType.newRequest()));

            ByteBuffer reply = KafkaCodec.replyFrame(request, fetchResponse(List.of(batch)));

            FetchResponse read = (FetchResponse) AbstractResponse.parseResponse(reply, request.header());
            MemoryRecords records = (MemoryRecords)
                    read.data().responses().get(0).partitions().get(0).records();
            assertThat(records.buffer()).isEqualTo(batch.buffer());
        }
    }

    @Test
    void anUnknownVersionOfApiVersionsIsAnsweredInVersionZero() {
        ByteBuffer frame = ByteBuffer.allocate(64)
                .putShort(ApiKeys.API_VERSIONS.id)
                .putShort((short) 99)
                .putInt(1234)
                .putShort((short) -1)
                .put((byte) 0)
                .flip();

        KafkaRequest request = parsed(frame);

        assertThat(request.version()).isZero();
        AbstractResponse error = request.body().getErrorResponse(0, Errors.UNSUPPORTED_VERSION.exception());
        ByteBuffer reply = KafkaCodec.replyFrame(request, error);
        assertThat(reply.getInt()).isEqualTo(1234);
        ApiVersionsResponse read = ApiVersionsResponse.parse(new ByteBufferAccessor(reply), (short) 0);
        assertThat(read.data().errorCode()).isEqualTo(Errors.UNSUPPORTED_VERSION.code());
    }

    @Test
    void anUnknownVersionOfAnyOtherApiIsMalformed() {
        ByteBuffer frame = frame(ApiKeys.METADATA, (short) 1, 1, ApiKeys.METADATA.messageType.newRequest())
                .putShort(2, (short) 99);

        assertThat(KafkaCodec.parse(frame, CLIENT)).isInstanceOf(ParsedFrame.Malformed.class);
    }

    @Test
    void anArrayThatClaimsMoreElementsThanTheRequestMayHaveIsMalformed() {
        // Metadata v0: header, then an array of topic names.
        ByteBuffer frame = ByteBuffer.allocate(4_000_000)
                .putShort(ApiKeys.METADATA.id)
                .putShort((short) 0)
                .putInt(1)
                .putShort((short) -1)
                .putInt(BoundedReadable.READS_MAX + 1)
                .rewind();

        assertThat(KafkaCodec.parse(frame, CLIENT)).isInstanceOf(ParsedFrame.Malformed.class);
    }

    @Test
    void randomBytesAreMalformedAndNeverMore() {
        RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[8 + random.nextInt(200)];
            random.nextBytes(bytes);
            bytes[0] = 0;
            bytes[1] = (byte) random.nextInt(90);
            bytes[2] = 0;
            bytes[3] = (byte) random.nextInt(14);

            assertThat(KafkaCodec.parse(ByteBuffer.wrap(bytes), CLIENT)).isNotNull();
        }
    }

    private static List<Short> stableVersions(ApiKeys api) {
        return api.allVersions().stream()
                .filter(version -> api.isVersionEnabled(version, false))
                .toList();
    }

    private static KafkaRequest parsed(ByteBuffer frame) {
        return switch (KafkaCodec.parse(frame, CLIENT)) {
            case ParsedFrame.Parsed(KafkaRequest request) -> request;
            case ParsedFrame.Malformed(String reason) -> throw new AssertionError(reason);
        };
    }

    private static ByteBuffer frame(ApiKeys api, short version, int correlationId, ApiMessage body) {
        RequestHeaderData header = new RequestHeaderData()
                .setRequestApiKey(api.id)
                .setRequestApiVersion(version)
                .setCorrelationId(correlationId)
                .setClientId("test");
        ByteBuffer head = MessageUtil.toByteBufferAccessor(header, api.requestHeaderVersion(version))
                .buffer();
        ByteBuffer tail = MessageUtil.toByteBufferAccessor(body, version).buffer();
        return ByteBuffer.allocate(head.remaining() + tail.remaining())
                .put(head)
                .put(tail)
                .flip();
    }

    private static ProduceRequestData produce() {
        ProduceRequestData.TopicProduceDataCollection topics = new ProduceRequestData.TopicProduceDataCollection();
        topics.add(new ProduceRequestData.TopicProduceData()
                .setPartitionData(List.of(new ProduceRequestData.PartitionProduceData()
                        .setRecords(MemoryRecords.readableRecords(ByteBuffer.wrap(bytes(batch("value"))))))));
        return new ProduceRequestData().setAcks((short) 1).setTopicData(topics);
    }

    private static FetchResponse fetchResponse(List<RecordBatch> batches) {
        return FetchResponse.of(new FetchResponseData()
                .setResponses(List.of(new FetchResponseData.FetchableTopicResponse()
                        .setPartitions(
                                List.of(new FetchResponseData.PartitionData().setRecords(new RecordsView(batches)))))));
    }

    private static RecordBatch batch(String value) {
        ByteBuffer bytes = ByteBuffer.wrap(value.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        return RecordBatches.build(List.of(new PlainRecord(0, 1, Optional.empty(), Optional.of(bytes), List.of())), 0);
    }

    private static byte[] bytes(RecordBatch batch) {
        byte[] bytes = new byte[batch.sizeInBytes()];
        batch.buffer().get(bytes);
        return bytes;
    }
}
