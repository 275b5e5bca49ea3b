package io.millrace.kafka.fetch;

import io.millrace.api.http.ReadService;
import io.millrace.kafka.fetch.FetchPlan.Wanted;
import io.millrace.kafka.handlers.Answers;
import io.millrace.kafka.handlers.TopicDirectory;
import io.millrace.kafka.listener.RequestHandler;
import io.millrace.kafka.wire.KafkaErrors;
import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.kafka.wire.KafkaResponse;
import io.millrace.model.IsolationLevel;
import io.millrace.model.OffsetOutcome;
import io.millrace.model.OffsetQuery;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;

/// Answers Fetch, versions 4 and on: a long poll over any number of partitions.
///
/// Threads: called on event loops, never blocks; answers on any thread.
/// Errors: each partition has its own; one that could not be looked up is retriable and holds no other back.
/// Source: Kafka protocol, Fetch; KIP-74, KIP-227, KIP-320, KIP-392, KIP-516.
public final class FetchHandler implements RequestHandler {

    private final TopicLookUp topics;
    private final DelayedFetch.Sources sources;
    private final RedirectPolicy redirects;
    private final FetchSettings settings;
    private final FetchEvents events;

    public FetchHandler(Environment environment, RedirectPolicy redirects, FetchSettings settings, FetchEvents events) {
        DivergingEpochs epochs = new DivergingEpochs(environment.offsets());
        PartitionReader reader = new PartitionReader(environment.records(), epochs, environment.random());
        this.topics = new TopicLookUp(environment.directory());
        this.sources = new DelayedFetch.Sources(
                reader, environment.news(), new ResponseMemory(settings.maxMemoryBytes()), environment.nanoTime());
        this.redirects = redirects;
        this.settings = settings;
        this.events = events;
    }

    /// What fetching stands on.
    ///
    /// @param records where records are read from
    /// @param offsets asks the owner for offsets
    /// @param random safe to share between threads
    public record Environment(
            TopicDirectory directory,
            ReadService records,
            Function<List<OffsetQuery>, Uni<List<OffsetOutcome>>> offsets,
            NewsSource news,
            LongSupplier nanoTime,
            RandomGenerator random) {}

    @Override
    public Uni<KafkaResponse> handle(KafkaRequest request) {
        FetchRequestData body = ((FetchRequest) request.body()).data();
        Optional<Errors> refusal = FetchSessions.refusal(body);
        if (refusal.isPresent()) {
            return Answers.of(FetchResponse.of(
                    new FetchResponseData().setErrorCode(refusal.get().code())));
        }
        long started = sources.nanoTime().getAsLong();
        long deadline = started + wait(body).toNanos();
        return topics.find(body.topics(), request.version(), id -> redirects.redirect(request, id))
                .map(wanted -> plan(body, wanted))
                .flatMap(plan -> new DelayedFetch(plan, sources, settings, deadline)
                        .run()
                        .map(fetched -> answer(plan, fetched, started)));
    }

    private Duration wait(FetchRequestData body) {
        Duration wanted = Duration.ofMillis(Math.max(0, body.maxWaitMs()));
        return wanted.compareTo(settings.maxWait()) < 0 ? wanted : settings.maxWait();
    }

    private static FetchPlan plan(FetchRequestData body, List<Wanted> wanted) {
        IsolationLevel isolation = body.isolationLevel() == org.apache.kafka.common.IsolationLevel.READ_COMMITTED.id()
                ? IsolationLevel.READ_COMMITTED
                : IsolationLevel.READ_UNCOMMITTED;
        return new FetchPlan(wanted, isolation, body.minBytes(), Math.max(0, body.maxBytes()));
    }

    private KafkaResponse answer(FetchPlan plan, DelayedFetch.Fetched fetched, long started) {
        report(fetched, started);
        FetchResponseData data = new FetchResponseData().setResponses(grouped(plan, fetched.partitions()));
        return new KafkaResponse.Answer(FetchResponse.of(data), fetched.share()::release);
    }

    /// The answers under the topics of the request, in its order.
    private static List<FetchableTopicResponse> grouped(FetchPlan plan, List<PartitionData> partitions) {
        List<FetchableTopicResponse> responses = new ArrayList<>();
        for (int i = 0; i < partitions.size(); i++) {
            FetchTopic topic = plan.partitions().get(i).topic();
            if (responses.isEmpty() || !isAbout(responses.getLast(), topic)) {
                responses.add(new FetchableTopicResponse()
                        .setTopic(topic.topic())
                        .setTopicId(topic.topicId())
                        .setPartitions(new ArrayList<>()));
            }
            responses.getLast().partitions().add(partitions.get(i));
        }
        return responses;
    }

    private static boolean isAbout(FetchableTopicResponse response, FetchTopic topic) {
        return response.topicId().equals(topic.topicId()) && response.topic().equals(topic.topic());
    }

    private void report(DelayedFetch.Fetched fetched, long started) {
        long waited = sources.nanoTime().getAsLong() - started;
        events.answered(fetched.partitions().size(), fetched.recordBytes(), waited);
        short failed = KafkaErrors.ofFailedLookUp().code();
        int failures = 0;
        for (PartitionData partition : fetched.partitions()) {
            failures += partition.errorCode() == failed ? 1 : 0;
        }
        if (failures > 0) {
            events.lookUpsFailed(failures);
        }
    }
}
