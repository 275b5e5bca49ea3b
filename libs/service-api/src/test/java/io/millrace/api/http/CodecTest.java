package io.millrace.api.http;

import static io.millrace.api.http.TestBatches.PARTITION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.HostPort;
import io.millrace.api.Instance;
import io.millrace.api.ServiceKind;
import io.millrace.api.TraceId;
import io.millrace.api.feed.TailContent;
import io.millrace.api.feed.TailFrame;
import io.millrace.api.feed.TailSubscriptions;
import io.millrace.model.AppendOutcome;
import io.millrace.model.Catalog;
import io.millrace.model.CatalogNews;
import io.millrace.model.Command;
import io.millrace.model.Command.ConfigChange;
import io.millrace.model.CommandOutcome;
import io.millrace.model.IsolationLevel;
import io.millrace.model.OffsetOutcome;
import io.millrace.model.OffsetQuery;
import io.millrace.model.PartitionNews;
import io.millrace.model.ReadOutcome;
import io.millrace.model.ReadRequest;
import io.millrace.model.RecordBatch;
import io.millrace.model.Refusal;
import io.millrace.model.Topic;
import io.millrace.model.TopicId;
import io.millrace.model.Watermarks;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

final class CodecTest {

    private static final TopicId TOPIC_ID = PARTITION.topicId();
    private static final Topic TOPIC =
            new Topic(TOPIC_ID, "caf\u00e9", 4, Map.of("cleanup.policy", "compact", "a", ""));
    private static final Catalog CATALOG = Catalog.of("cluster-a", 3, 17, List.of(TOPIC));
    private static final Watermarks WATERMARKS = new Watermarks(1, 4, 5, 3);
    private static final RecordBatch BATCH = TestBatches.numbered(1, 100);

    private static final List<Command> COMMANDS = List.of(
            new Command.CreateTopic("t", -1, -1, Map.of("x", "y"), Command.Mode.VALIDATE_ONLY),
            new Command.DeleteTopic(TOPIC_ID),
            new Command.CreatePartitions(TOPIC_ID, 9, Command.Mode.EXECUTE),
            new Command.AlterTopicConfigs(
                    TOPIC_ID,
                    List.of(new ConfigChange("retention.ms", ConfigChange.Operation.SUBTRACT, "5")),
                    Command.Mode.EXECUTE),
            new Command.DeleteRecords(PARTITION, -1),
            new Command.AllocateProducerIds(1_000));

    private static final List<CommandOutcome> COMMAND_OUTCOMES = List.of(
            new CommandOutcome.TopicStored(TOPIC),
            new CommandOutcome.TopicDeleted(TOPIC_ID),
            new CommandOutcome.RecordsDeleted(7),
            new CommandOutcome.ProducerIds(5_000, 1_000),
            new CommandOutcome.Refused(Refusal.TOPIC_EXISTS, "there"),
            new CommandOutcome.Unknown("silence"));

    private static final List<OffsetQuery> OFFSET_QUERIES = List.of(
            new OffsetQuery.Earliest(PARTITION),
            new OffsetQuery.Latest(PARTITION, IsolationLevel.READ_COMMITTED),
            new OffsetQuery.MaxTimestamp(PARTITION),
            new OffsetQuery.AtTimestamp(PARTITION, -5),
            new OffsetQuery.EndOfEpoch(PARTITION, 4));

    private static final List<OffsetOutcome> OFFSET_OUTCOMES = List.of(
            new OffsetOutcome.Found(1, -1, 2),
            new OffsetOutcome.NotFound(),
            new OffsetOutcome.Refused(Refusal.UNKNOWN_PARTITION, ""),
            new OffsetOutcome.Unknown("x"));

    private static final List<CatalogNews> CATALOG_NEWS = List.of(
            new CatalogNews.Snapshot(CATALOG),
            new CatalogNews.TopicChanged(18, TOPIC),
            new CatalogNews.TopicDeleted(19, TOPIC_ID));

    private static final List<AppendOutcome> APPEND_OUTCOMES = List.of(
            new AppendOutcome.Appended(1, 2, -1),
            new AppendOutcome.Duplicate(3, 4),
            new AppendOutcome.Refused(Refusal.DISK_FULL, "full"),
            new AppendOutcome.Unknown("gone"));

    private static final TailFrame.News TAIL_NEWS =
            new TailFrame.News(List.of(), List.of(new PartitionNews(PARTITION, WATERMARKS)), List.of(PARTITION));

    @Test
    void everyMessageComesBackAsItWas() {
        COMMANDS.forEach(command -> assertRoundTrip(command, CommandCodec::write, CommandCodec::read));
        COMMAND_OUTCOMES.forEach(
                outcome -> assertRoundTrip(outcome, CommandCodec::writeOutcome, CommandCodec::readOutcome));
        CATALOG_NEWS.forEach(news -> assertRoundTrip(news, ModelCodec::writeCatalogNews, ModelCodec::readCatalogNews));
        assertRoundTrip(OFFSET_QUERIES, OffsetCodec::writeQueries, OffsetCodec::readQueries);
        assertRoundTrip(OFFSET_OUTCOMES, OffsetCodec::writeOutcomes, OffsetCodec::readOutcomes);
        assertRoundTrip(
                new ReadCodec.Reads(List.of(new ReadRequest(PARTITION, 5, 6)), 1L << 40),
                ReadCodec::writeRequests,
                ReadCodec::readRequests);
        assertRoundTrip(instance(Optional.of(new HostPort("::1", 9092))), HelloCodec::write, HelloCodec::read);
        assertRoundTrip(instance(Optional.empty()), HelloCodec::write, HelloCodec::read);
        APPEND_OUTCOMES.forEach(
                outcome -> assertRoundTrip(outcome, (out, it) -> AppendCodec.writeOutcome(out, 5, it), in -> {
                    in.readLong();
                    return AppendCodec.readOutcome(in);
                }));
    }

    @Test
    void everyFrameComesBackAsItWas() {
        AppendCodec.Opening opening = new AppendCodec.Opening(1, "cluster-a", 0, "ingest-0", "inc", 4);
        AppendCodec.Reply.Accepted accepted = new AppendCodec.Reply.Accepted("cluster-a", 5);
        AppendCodec.Reply.Rejected rejected = new AppendCodec.Reply.Rejected(Refusal.NOT_OWNER, "no");
        TailSubscriptions.Changes subscription = new TailSubscriptions.Changes(
                List.of(
                        new TailSubscriptions.Added(PARTITION, TailContent.BATCHES),
                        new TailSubscriptions.Added(PARTITION, TailContent.WATERMARKS)),
                List.of(PARTITION));

        assertThat(decodeFrame(out -> AppendCodec.writeOpening(out, opening), AppendCodec::readOpening))
                .isEqualTo(opening);
        assertThat(decodeFrame(out -> AppendCodec.writeReply(out, accepted), AppendCodec::readAccepted))
                .isEqualTo(accepted);
        assertThat(decodeFrame(out -> AppendCodec.writeReply(out, rejected), AppendCodec::readRejected))
                .isEqualTo(rejected);
        assertThat(decodeFrame(out -> FeedCodec.writeSubscription(out, subscription), FeedCodec::readSubscription))
                .isEqualTo(subscription);
        assertThat(decodeFrame(CodecTest::writeTailNews, CodecTest::readTailNews))
                .isEqualTo(TAIL_NEWS);
    }

    @Test
    void anAppendKeepsItsBatchAndItsTrace() {
        Optional<TraceId> trace = Optional.of(new TraceId(-1, 2));

        AppendCodec.Append append =
                decodeFrame(out -> AppendCodec.writeAppend(out, 77, PARTITION, BATCH, trace), AppendCodec::readAppend);

        assertThat(append.correlationId()).isEqualTo(77);
        assertThat(append.partitionId()).isEqualTo(PARTITION);
        assertThat(append.traceId()).isEqualTo(trace);
        assertThat(append.batch()).isEqualTo(BATCH.buffer());
    }

    @Test
    void anOffsetInsideACompressedBatchCarriesTheBatch() {
        List<OffsetOutcome> outcomes = decode(
                encode(out -> OffsetCodec.writeOutcomes(out, List.of(new OffsetOutcome.InBatch(BATCH, 9)))),
                OffsetCodec::readOutcomes);

        assertThat(outcomes).singleElement().isInstanceOfSatisfying(OffsetOutcome.InBatch.class, found -> {
            assertThat(found.fromOffset()).isEqualTo(9);
            assertThat(found.batch().buffer()).isEqualTo(BATCH.buffer());
        });
    }

    @Test
    void cutAndGarbledMessagesAreErrorsAndNothingElse() {
        List<ByteBuffer> messages = new ArrayList<>();
        COMMANDS.forEach(it -> messages.add(encode(out -> CommandCodec.write(out, it))));
        COMMAND_OUTCOMES.forEach(it -> messages.add(encode(out -> CommandCodec.writeOutcome(out, it))));
        CATALOG_NEWS.forEach(it -> messages.add(encode(out -> ModelCodec.writeCatalogNews(out, it))));
        messages.add(encode(out -> OffsetCodec.writeQueries(out, OFFSET_QUERIES)));
        messages.add(encode(out -> OffsetCodec.writeOutcomes(out, OFFSET_OUTCOMES)));
        messages.add(encode(CodecTest::writeTailNews));
        messages.add(encode(out -> HelloCodec.write(out, instance(Optional.empty()))));
        messages.add(encode(out -> AppendCodec.writeAppend(out, 1, PARTITION, BATCH, Optional.empty())));
        messages.add(encode(
                out -> ReadCodec.writeOutcomes(out, List.of(new ReadOutcome.Batches(List.of(BATCH), WATERMARKS)))));
        Random random = new Random(4711);

        for (int round = 0; round < 5_000; round++) {
            ByteBuffer message = messages.get(random.nextInt(messages.size()));
            byte[] bytes = new byte[random.nextInt(message.remaining() + 1)];
            message.get(0, bytes);
            for (int flips = random.nextInt(4); flips > 0 && bytes.length > 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            decoders().forEach(decoder -> assertDecodesOrFailsCleanly(bytes, decoder));
        }
    }

    @Test
    void hugeCountsAndLengthsAreRefusedBeforeAnythingIsAllocated() {
        ByteBuffer hugeCount = ByteBuffer.allocate(16).putInt(Integer.MAX_VALUE).rewind();
        ByteBuffer hugeString =
                ByteBuffer.allocate(16).putInt(Integer.MAX_VALUE).rewind();
        Buffer hugeFrame = Buffer.buffer().appendInt(Integer.MAX_VALUE);
        Buffer negativeFrame = Buffer.buffer().appendInt(-1);

        assertThatThrownBy(() -> decode(hugeCount, OffsetCodec::readQueries))
                .isInstanceOf(MalformedMessageException.class);
        assertThatThrownBy(() -> decode(hugeString, WireReader::readString))
                .isInstanceOf(MalformedMessageException.class);
        assertThatThrownBy(() -> new FrameAssembler(1_000).add(hugeFrame, _ -> {}))
                .isInstanceOf(MalformedMessageException.class);
        assertThatThrownBy(() -> new FrameAssembler(1_000).add(negativeFrame, _ -> {}))
                .isInstanceOf(MalformedMessageException.class);
    }

    @Test
    void framesAreTheSameHoweverTheChunksAreCut() {
        Random random = new Random(42);
        Buffer stream = Buffer.buffer();
        List<ByteBuffer> expected = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            byte[] frame = new byte[1 + random.nextInt(300)];
            random.nextBytes(frame);
            stream.appendInt(frame.length).appendBytes(frame);
            expected.add(ByteBuffer.wrap(frame));
        }
        FrameAssembler assembler = new FrameAssembler(1_000);
        List<ByteBuffer> frames = new ArrayList<>();

        int position = 0;
        while (position < stream.length()) {
            int end = Math.min(stream.length(), position + 1 + random.nextInt(200));
            assembler.add(stream.getBuffer(position, end), frames::add);
            position = end;
        }

        assertThat(frames).isEqualTo(expected);
        assertThat(assembler.isEmpty()).isTrue();
    }

    private static List<Function<WireReader, Object>> decoders() {
        return List.of(
                CommandCodec::read,
                CommandCodec::readOutcome,
                ModelCodec::readCatalogNews,
                OffsetCodec::readQueries,
                OffsetCodec::readOutcomes,
                CodecTest::readTailNews,
                FeedCodec::readSubscription,
                HelloCodec::read,
                AppendCodec::readAppend,
                AppendCodec::readOpening,
                AppendCodec::readOutcome,
                ReadCodec::readRequests,
                ReadCodec::readOutcome,
                in -> FrameCodec.read(in, Optional.empty()));
    }

    private static void assertDecodesOrFailsCleanly(byte[] bytes, Function<WireReader, Object> decoder) {
        try {
            assertThat(decode(ByteBuffer.wrap(bytes), decoder)).isNotNull();
        } catch (MalformedMessageException e) {
            assertThat(e).hasMessageMatching("(?s).+");
        }
    }

    private static <T> void assertRoundTrip(T value, BiConsumer<WireWriter, T> writer, Function<WireReader, T> reader) {
        assertThat(decode(encode(out -> writer.accept(out, value)), reader)).isEqualTo(value);
    }

    private static <T> T decodeFrame(Consumer<WireWriter> writer, Function<WireReader, T> reader) {
        ByteBuffer frame = encode(writer);
        assertThat(frame.getInt()).isEqualTo(frame.remaining());
        frame.get();
        return decode(frame, reader);
    }

    private static ByteBuffer encode(Consumer<WireWriter> writer) {
        WireWriter out = new WireWriter(8);
        writer.accept(out);
        return ByteBuffer.wrap(out.toBuffer().getBytes());
    }

    private static <T> T decode(ByteBuffer bytes, Function<WireReader, T> reader) {
        return WireReader.decode(bytes, reader);
    }

    private static Instance instance(Optional<HostPort> kafka) {
        return new Instance(ServiceKind.FETCH, 2, "inc", "host", 7082, kafka, "0.1");
    }

    private static void writeTailNews(WireWriter out) {
        FeedCodec.writeTailNews(out, TAIL_NEWS.moved(), TAIL_NEWS.gone());
    }

    private static TailFrame.News readTailNews(WireReader in) {
        return FeedCodec.readTailNews(in, List.of());
    }
}
