package io.millrace.coordinator.kafka;

import io.millrace.kafka.handlers.TopicDirectory;
import io.millrace.model.Catalog;
import io.millrace.model.Topic;
import io.smallrye.mutiny.Uni;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// Starts changes of a group's offsets in the order in which they come, topic by topic.
///
/// What a request changes of topics that are known is started at once. The rest waits until wal-store has said
/// whether its topics exist, and then for its turn: a later change of the same topic must not overtake it, though
/// by then the topic may be known.
///
/// Threads: any; never blocks.
/// Errors: what wal-store does not answer for fails with COORDINATOR_NOT_AVAILABLE, which clients retry.
final class OffsetTurns {

    private final TopicDirectory directory;

    /// Guards the lines.
    private final ReentrantLock linesLock = new ReentrantLock();

    /// What waits, by group. It is of requests in flight, which the listener bounds.
    private final Map<String, Line> lines = new HashMap<>();

    OffsetTurns(TopicDirectory directory) {
        this.directory = directory;
    }

    /// A change of some topics' offsets.
    @FunctionalInterface
    interface Change<T> {

        /// Starts a part of it.
        ///
        /// @param part of the topics that the request asks for
        /// @param known those of them that exist
        CompletableFuture<T> start(TopicNames part, KnownTopics known);
    }

    /// One request's place.
    ///
    /// @param now what of its topics is known, and waited for by nobody before it
    /// @param later the rest of its topics; nothing waits if it is empty
    /// @param found what wal-store has said of the rest
    /// @param told the same, when it is the request's turn
    private record Turn(
            KnownTopics now,
            TopicNames later,
            CompletableFuture<KnownTopics> found,
            CompletableFuture<KnownTopics> told) {}

    private static final class Line {
        private final Deque<Turn> turns = new ArrayDeque<>();

        /// Whether somebody is starting what stands in front.
        private boolean isMoving;
    }

    /// Starts a change.
    ///
    /// @return its answer, or those of its two parts
    <T> List<CompletableFuture<T>> start(String groupId, TopicNames asked, Change<T> change) {
        Turn turn = take(groupId, asked);
        if (turn.later().isEmpty()) {
            return List.of(change.start(asked, turn.now()));
        }
        // First, so that the turn passes whatever becomes of the other part.
        CompletableFuture<T> later = turn.told().thenCompose(known -> change.start(turn.later(), known));
        lookUp(groupId, turn);
        return List.of(change.start(asked.without(turn.later()), turn.now()), later);
    }

    private Turn take(String groupId, TopicNames asked) {
        Catalog catalog = directory.catalog();
        linesLock.lock();
        try {
            Line line = lines.get(groupId);
            KnownTopics now = KnownTopics.in(catalog, asked, topic -> !waits(line, topic));
            Turn turn = new Turn(now, now.missing(asked), new CompletableFuture<>(), new CompletableFuture<>());
            if (!turn.later().isEmpty()) {
                lines.computeIfAbsent(groupId, _ -> new Line()).turns.addLast(turn);
            }
            return turn;
        } finally {
            linesLock.unlock();
        }
    }

    private static boolean waits(@Nullable Line line, Topic topic) {
        return line != null && line.turns.stream().anyMatch(turn -> turn.later().has(topic));
    }

    private void lookUp(String groupId, Turn turn) {
        var _ = turn.found().whenComplete((_, _) -> move(groupId));
        Uni.createFrom()
                .deferred(() -> KnownTopics.find(directory, turn.later()))
                .onFailure()
                .transform(_ -> Errors.COORDINATOR_NOT_AVAILABLE.exception())
                .subscribe()
                .with(turn.found()::complete, turn.found()::completeExceptionally);
    }

    /// One thread at a time starts what stands in front, also what is found meanwhile.
    private void move(String groupId) {
        Optional<Turn> front = first(groupId);
        while (front.isPresent()) {
            CompletableFuture<KnownTopics> told = front.get().told();
            var _ = front.get().found().whenComplete((known, failure) -> {
                if (failure == null) {
                    told.complete(known);
                } else {
                    told.completeExceptionally(failure);
                }
            });
            front = next(groupId);
        }
    }

    private Optional<Turn> first(String groupId) {
        linesLock.lock();
        try {
            Line line = lines.get(groupId);
            if (line == null || line.isMoving || !line.turns.getFirst().found().isDone()) {
                return Optional.empty();
            }
            line.isMoving = true;
            return Optional.of(line.turns.getFirst());
        } finally {
            linesLock.unlock();
        }
    }

    private Optional<Turn> next(String groupId) {
        linesLock.lock();
        try {
            Line line = Objects.requireNonNull(lines.get(groupId));
            line.turns.removeFirst();
            if (line.turns.isEmpty()) {
                lines.remove(groupId);
                return Optional.empty();
            }
            line.isMoving = line.turns.getFirst().found().isDone();
            return line.isMoving ? Optional.of(line.turns.getFirst()) : Optional.empty();
        } finally {
            linesLock.unlock();
        }
    }
}
