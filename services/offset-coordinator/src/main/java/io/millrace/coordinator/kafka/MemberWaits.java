package io.millrace.coordinator.kafka;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.protocol.Errors;

/// The answers of the classic protocol that wait for other members of the group: as long as a session, or as a
/// rebalance may take.
///
/// A service that stops does not wait for them. It hears no heartbeats any more, so it would expel everyone meanwhile;
/// and a member that is told at once finds the next coordinator as soon as there is one.
///
/// Threads: any; never blocks. Source: KIP-62.
final class MemberWaits {

    /// What ends each of them.
    private final Set<Runnable> waiting = ConcurrentHashMap.newKeySet();
    /// Written by the end.
    private volatile boolean isEnded;

    /// The answer, or NOT_COORDINATOR if the end comes first.
    <T> CompletableFuture<T> untilEnd(CompletableFuture<T> answer) {
        if (answer.isDone()) {
            return answer;
        }
        CompletableFuture<T> wait = answer.copy();
        Runnable end = () -> wait.completeExceptionally(Errors.NOT_COORDINATOR.exception());
        waiting.add(end);
        if (isEnded) {
            end.run();
        }
        return wait.whenComplete((_, _) -> waiting.remove(end));
    }

    /// Answers all that wait, and those that come.
    void end() {
        isEnded = true;
        waiting.forEach(Runnable::run);
    }
}
