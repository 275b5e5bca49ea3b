package io.millrace.kafka.listener;

import io.millrace.kafka.wire.KafkaRequest;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// Remembers what a listener told.
final class RecordingEvents implements ListenerEvents {

    final AtomicInteger open = new AtomicInteger();
    final AtomicInteger pauses = new AtomicInteger();
    final Queue<Integer> started = new ConcurrentLinkedQueue<>();
    final AtomicInteger answers = new AtomicInteger();
    final Queue<CloseReason> closed = new ConcurrentLinkedQueue<>();
    final Queue<Limit> refused = new ConcurrentLinkedQueue<>();
    final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    @Override
    public void connectionOpened() {
        open.incrementAndGet();
    }

    @Override
    public void connectionClosed(CloseReason reason, String detail) {
        open.decrementAndGet();
        closed.add(reason);
    }

    @Override
    public void connectionRefused(Limit limit) {
        refused.add(limit);
    }

    @Override
    public void requestStarted(KafkaRequest request) {
        started.add(request.correlationId());
    }

    @Override
    public void answered(String api, int requestBytes, long responseBytes, long nanos) {
        answers.incrementAndGet();
    }

    @Override
    public void handlerFailed(String api, int version, Throwable failure) {
        failures.add(failure);
    }

    @Override
    public void readingPaused() {
        pauses.incrementAndGet();
    }

    @Override
    public void readingResumed() {
        pauses.decrementAndGet();
    }
}
