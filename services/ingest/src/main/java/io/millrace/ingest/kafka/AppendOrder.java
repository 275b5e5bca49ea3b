package io.millrace.ingest.kafka;

import io.millrace.kafka.wire.ClientDetails;
import io.millrace.model.AppendOutcome;
import io.millrace.model.PartitionId;
import io.millrace.model.RecordBatch;
import io.smallrye.mutiny.Uni;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Makes the requests of one connection append in the order in which they came, whatever their preparation takes.
///
/// Connections with nothing in preparation are not in here, so the common case costs one look into an empty map.
/// What waits is bounded by the listener, which counts its requests and bytes in flight.
///
/// Threads: a connection's requests, and so its queue, belong to its event loop.
final class AppendOrder {

    record Connection(String host, int port) {
        static Connection of(ClientDetails client) {
            return new Connection(client.host(), client.port());
        }
    }

    private final ConcurrentHashMap<Connection, Queue<Place>> waiting = new ConcurrentHashMap<>();

    /// A request's place in its connection's order.
    Place take(ClientDetails client, ProduceCall call, Supplier<Executor> currentLoop) {
        return new Place(client, call, currentLoop);
    }

    /// One request until it is appended.
    final class Place {

        private final ClientDetails client;
        private final ProduceCall call;
        private final Supplier<Executor> currentLoop;
        private @Nullable Executor loop;
        private int awaited;
        private @Nullable BiFunction<PartitionId, RecordBatch, Uni<AppendOutcome>> append;

        private Place(ClientDetails client, ProduceCall call, Supplier<Executor> currentLoop) {
            this.client = client;
            this.call = call;
            this.currentLoop = currentLoop;
        }

        /// Has the work done now, and does not append before it is. Called on the event loop, as both continuations
        /// are.
        <T> void await(Uni<T> work, Consumer<T> done, Consumer<Throwable> failed) {
            Executor own = loop == null ? currentLoop.get() : loop;
            loop = own;
            awaited++;
            work.emitOn(own)
                    .subscribe()
                    .with(
                            item -> {
                                done.accept(item);
                                finished();
                            },
                            failure -> {
                                failed.accept(failure);
                                finished();
                            });
        }

        /// Appends now if nothing is awaited and no earlier request of the connection waits; else when its turn comes.
        void appendInTurn(BiFunction<PartitionId, RecordBatch, Uni<AppendOutcome>> store) {
            append = store;
            if (awaited == 0 && (waiting.isEmpty() || !waiting.containsKey(Connection.of(client)))) {
                call.append(store);
                return;
            }
            waiting.computeIfAbsent(Connection.of(client), connection -> new ArrayDeque<>())
                    .add(this);
        }

        private void finished() {
            awaited--;
            Queue<Place> queue = waiting.get(Connection.of(client));
            if (queue != null) {
                appendReady(queue);
            }
        }

        private void appendReady(Queue<Place> queue) {
            for (Place head = queue.peek(); head != null && head.awaited == 0; head = queue.peek()) {
                queue.remove();
                head.append();
            }
            if (queue.isEmpty()) {
                waiting.remove(Connection.of(client));
            }
        }

        private void append() {
            if (append != null) {
                call.append(append);
            }
        }
    }
}
