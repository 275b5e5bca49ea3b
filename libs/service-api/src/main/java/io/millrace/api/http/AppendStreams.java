package io.millrace.api.http;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The append streams that an owner has now, at most one per ingest instance.
///
/// Threads: all methods from any thread.
final class AppendStreams {

    private final OwnerBytes ownerBytes;
    private final Map<String, AppendEndpoint> byInstance = new ConcurrentHashMap<>();

    AppendStreams(AppendOptions options) {
        ownerBytes = new OwnerBytes(options.ownerBytesInFlight());
    }

    OwnerBytes ownerBytes() {
        return ownerBytes;
    }

    /// Makes this the stream of the instance and closes the older one.
    void replace(String instance, AppendEndpoint endpoint) {
        AppendEndpoint older = byInstance.put(instance, endpoint);
        if (older != null) {
            older.retire();
        }
    }

    void remove(String instance, AppendEndpoint endpoint) {
        byInstance.remove(instance, endpoint);
    }
}
