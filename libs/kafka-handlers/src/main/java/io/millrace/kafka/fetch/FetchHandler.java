package io.millrace.kafka.fetch;

import io.millrace.api.http.ReadService;
import io.millrace.kafka.fetch.FetchPlan.Wanted;
import io.millrace.kafka.fetch.FetchSessions.Scope;
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
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FetchMetadata;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;

/// Answers Fetch, versions 4 and on: a long poll over any number of partitions.
///
/// Threads: called on event loops, never blocks; answers on any thread.
/// Errors: each partition has its own; one that could not be looked up is retriable and holds no other back.
/// Source: Kafka protocol, Fetch; KIP-74, KIP-227, KIP-320, KIP-392, KIP-516.
public final class FetchHandler implements RequestHandler {

    private final TopicLookUp topics;
    private final FetchSessions sessions;
    private final DelayedFetch.Sources sources;
    private final RedirectPolicy redirects;
    private final FetchSettings settings;
    private final FetchEvents events;

    public FetchHandler(Environment environment, RedirectPolicy redirects, FetchSettings settings, FetchEvents events) {
        Records records = environment.records();
        DivergingEpochs epochs = new DivergingEpochs(records.offsets());
        this.topics = new TopicLookUp(environment.directory());
        this.sources = new DelayedFetch.Sources(
                new PartitionReader(records.followed(), epochs, environment.random()),
                new PartitionReader(records.current(), epochs, environment.random()),
                environment.news(),
                new ResponseMemory(settings.maxMemoryBytes()),
                environment.nanoTime());
        this.sessions = new FetchSessions(settings.sessions(), environment.nanoTime(), environment.random());
        this.redirects = redirects;
        this.settings = settings;
        this.events = events;
    }

    /// What fetching stands on.
    ///
    /// @param random safe to share between threads
    public record Environment(
            TopicDirectory directory,
            Records records,
            NewsSource news,
            LongSupplier nanoTime,
            RandomGenerator random) {}

    /// Where records are read from.
    ///
    /// @param followed for who can wait: it may not know yet of what just came, and then the news follow
    /// @param current for who cannot: whatever was acknowledged before the question is in the answer
    /// @param offsets asks the owner for offsets
    public record Records(
            ReadService followed, ReadService current, Function<List<OffsetQuery>, Uni<List<OffsetOutcome>>> offsets) {}

    /// Sessions that are kept now.
    public int sessionCount() {
        return sessions.count();
    }

    @Override
    public Uni<KafkaResponse> handle(KafkaRequest request) {
        FetchRequestData body = ((FetchRequest) request.body()).data();
        Scope scope = sessions.scope(body, request.version());
        return switch (scope) {
            case Scope.Refused(Errors error) ->
                Answers.of(FetchResponse.of(new FetchResponseData().setErrorCode(error.code())));
            case Scope.Named(FetchRequestData named) -> fetch(request, body, named.topics(), scope);
            case Scope.Begun(FetchSession session) -> fetch(request, body, session.topics(), scope);
            case Scope.Continued(FetchSession session) -> fetch(request, body, session.topics(), scope);
        };
    }

    private Uni<KafkaResponse> fetch(
            KafkaRequest request, FetchRequestData body, List<FetchTopic> wantedTopics, Scope scope) {
        long started = sources.nanoTime().getAsLong();
        long deadline = started + wait(body).toNanos();
        Executor loop = RequestLoop.current();
        return topics.find(wantedTopics, request.version(), id -> redirects.redirect(request, id))
                .map(wanted -> plan(body, wanted))
                .flatMap(plan -> new DelayedFetch(plan, sources, settings, deadline, loop)
                        .run()
                        .map(fetched -> answer(plan, fetched, scope, started)));
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

    private KafkaResponse answer(FetchPlan plan, DelayedFetch.Fetched fetched, Scope scope, long started) {
        report(fetched, started);
        FetchResponseData data = new FetchResponseData()
                .setSessionId(sessionId(scope))
                .setResponses(grouped(plan, fetched.partitions(), scope));
        return new KafkaResponse.Answer(FetchResponse.of(data), fetched.share()::release);
    }

    private static int sessionId(Scope scope) {
        return switch (scope) {
            case Scope.Begun(FetchSession session) -> session.id();
            case Scope.Continued(FetchSession session) -> session.id();
            case Scope.Named _, Scope.Refused _ -> FetchMetadata.INVALID_SESSION_ID;
        };
    }

    /// The answers under the topics of the plan, in its order.
    private static List<FetchableTopicResponse> grouped(FetchPlan plan, List<PartitionData> partitions, Scope scope) {
        List<FetchableTopicResponse> responses = new ArrayList<>();
        for (int i = 0; i < partitions.size(); i++) {
            FetchTopic topic = plan.partitions().get(i).topic();
            if (!isAnswered(scope, topic, partitions.get(i))) {
                continue;
            }
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

    private static boolean isAnswered(Scope scope, FetchTopic topic, PartitionData answer) {
        return switch (scope) {
            case Scope.Named _, Scope.Refused _ -> true;
            case Scope.Begun(FetchSession session) -> {
                session.isNews(topic, answer);
                yield true;
            }
            case Scope.Continued(FetchSession session) -> session.isNews(topic, answer);
        };
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
