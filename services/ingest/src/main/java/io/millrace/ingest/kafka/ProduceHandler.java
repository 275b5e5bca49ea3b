package io.millrace.ingest.kafka;

import io.millrace.kafka.handlers.Answers;
import io.millrace.kafka.handlers.TopicDirectory;
import io.millrace.kafka.listener.RequestHandler;
import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.kafka.wire.KafkaResponse;
import io.millrace.kafka.wire.Uuids;
import io.millrace.model.AppendOutcome;
import io.millrace.model.PartitionId;
import io.millrace.model.RecordBatch;
import io.millrace.model.Topic;
import io.smallrye.mutiny.Uni;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ProduceRequest;

/// Answers Produce: checks each batch and streams it to its owner; what the owner says is the answer.
///
/// A request is prepared first: topics found, batches checked. What takes long, a big compressed batch or a topic
/// that is not in memory, is done off the event loop, and many requests of a connection may be in preparation at
/// once; but they append in the order in which they came, see [AppendOrder]. In the common case all of it happens
/// at once, on the event loop.
///
/// Threads: called on event loops, never blocks. Source: Kafka protocol, Produce; KIP-98, KIP-467, KIP-516.
public final class ProduceHandler implements RequestHandler {

    private static final short FIRST_VERSION_WITH_ZSTD = 7;
    private static final int ZSTD = 4;

    private final TopicDirectory directory;
    private final BatchValidator validator;
    private final Store store;
    private final Threads threads;
    private final ProduceMetrics metrics;
    private final TopicRulesCache rules;
    private final AppendOrder order = new AppendOrder();
    private final FairExecutor validation;

    public ProduceHandler(
            TopicDirectory directory, BatchValidator validator, Store store, Threads threads, ProduceMetrics metrics) {
        this.directory = directory;
        this.validator = validator;
        this.store = store;
        this.threads = threads;
        this.metrics = metrics;
        this.rules = new TopicRulesCache(100_000);
        this.validation = new FairExecutor(threads.validation());
    }

    /// The stream to wal-store.
    ///
    /// @param append queues a batch; calls of one thread keep their order
    /// @param isWritable false while so much is in flight that clients should not be read from
    /// @param writable answers when it is so again
    public record Store(
            BiFunction<PartitionId, RecordBatch, Uni<AppendOutcome>> append,
            BooleanSupplier isWritable,
            Supplier<Uni<Void>> writable) {}

    /// Where work is done.
    ///
    /// @param currentLoop the event loop that the caller is on
    /// @param validation where work goes that would hold up an event loop
    public record Threads(Supplier<Executor> currentLoop, Executor validation) {}

    @Override
    public Uni<KafkaResponse> handle(KafkaRequest request) {
        ProduceRequest body = (ProduceRequest) request.body();
        if (body.acks() != -1 && body.acks() != 0 && body.acks() != 1) {
            return Answers.error(request, Errors.INVALID_REQUIRED_ACKS, Errors.INVALID_REQUIRED_ACKS.message());
        }
        if (body.transactionalId() != null) {
            return Answers.error(request, Errors.INVALID_TXN_STATE, ProduceCall.NO_TRANSACTIONS);
        }
        ProduceCall call = new ProduceCall(body, metrics);
        AppendOrder.Place place = order.take(request.client(), call, threads.currentLoop());
        Preparation preparation = new Preparation(request, place, validator.quickInflation());
        call.parts().forEach(preparation::prepare);
        if (!store.isWritable().getAsBoolean()) {
            place.await(store.writable().get(), writable -> {}, call::fail);
        }
        place.appendInTurn(store.append());
        return Uni.createFrom().completionStage(call.answer());
    }

    private Optional<Topic> inMemory(ProduceCall.Part part) {
        if (!directory.isReady()) {
            return Optional.empty();
        }
        return part.isById()
                ? directory.catalog().topic(Uuids.topicId(part.topicId()))
                : directory.catalog().topic(part.topicName());
    }

    private Uni<Optional<Topic>> find(ProduceCall.Part part) {
        return part.isById() ? directory.find(Uuids.topicId(part.topicId())) : directory.find(part.topicName());
    }

    /// What is done with each part of one request before any of it is appended.
    ///
    /// Threads: the connection's event loop.
    private final class Preparation {

        private final KafkaRequest request;
        private final AppendOrder.Place place;
        private final Inflation quickInflation;

        Preparation(KafkaRequest request, AppendOrder.Place place, Inflation quickInflation) {
            this.request = request;
            this.place = place;
            this.quickInflation = quickInflation;
        }

        void prepare(ProduceCall.Part part) {
            Optional<String> problem = part.open();
            if (problem.isPresent()) {
                part.fail(Errors.INVALID_RECORD, problem.get());
                return;
            }
            if (part.batch().isTransactional()) {
                part.fail(Errors.INVALID_TXN_STATE, ProduceCall.NO_TRANSACTIONS);
                return;
            }
            if (request.version() < FIRST_VERSION_WITH_ZSTD && part.batch().compressionCode() == ZSTD) {
                part.fail(
                        Errors.UNSUPPORTED_COMPRESSION_TYPE,
                        "Produce requests with version " + request.version()
                                + " are not allowed to use ZStandard compression");
                return;
            }
            Optional<Topic> topic = inMemory(part);
            if (topic.isPresent()) {
                check(part, topic.get());
                return;
            }
            place.await(
                    find(part),
                    found -> found.ifPresentOrElse(known -> check(part, known), part::failUnknownTopic),
                    part::fail);
        }

        private void check(ProduceCall.Part part, Topic topic) {
            if (part.partition() < 0 || part.partition() >= topic.partitionCount()) {
                part.fail(Errors.UNKNOWN_TOPIC_OR_PARTITION, Errors.UNKNOWN_TOPIC_OR_PARTITION.message());
                return;
            }
            PartitionId partitionId = new PartitionId(topic.id(), part.partition());
            TopicRules topicRules = rules.of(topic);
            Optional<Validation> quick =
                    validator.validateQuickly(part.batch(), part.partition(), topicRules, quickInflation);
            if (quick.isPresent()) {
                part.take(partitionId, quick.get());
                return;
            }
            metrics.validatedElsewhere();
            place.await(
                    Uni.createFrom()
                            .item(() -> validator.validate(part.batch(), part.partition(), topicRules))
                            .runSubscriptionOn(task -> validation.execute(request.client(), task)),
                    checked -> part.take(partitionId, checked),
                    part::fail);
        }
    }
}
