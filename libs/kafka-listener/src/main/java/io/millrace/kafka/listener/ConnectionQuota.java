package io.millrace.kafka.listener;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// How many connections there are, in all and from each address.
///
/// Threads: any.
final class ConnectionQuota {

    private final int max;
    private final int maxPerAddress;

    /// Guards `byAddress` and `count`.
    private final ReentrantLock lock = new ReentrantLock();

    private final Map<String, Integer> byAddress = new HashMap<>();
    private int count;

    ConnectionQuota(int max, int maxPerAddress) {
        this.max = max;
        this.maxPerAddress = maxPerAddress;
    }

    /// Counts a connection, or says which limit forbids it.
    Optional<ListenerEvents.Limit> tryEnter(String address) {
        lock.lock();
        try {
            int ofAddress = byAddress.getOrDefault(address, 0);
            if (count >= max) {
                return Optional.of(ListenerEvents.Limit.CONNECTIONS);
            }
            if (ofAddress >= maxPerAddress) {
                return Optional.of(ListenerEvents.Limit.CONNECTIONS_PER_ADDRESS);
            }
            count++;
            byAddress.put(address, ofAddress + 1);
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    void leave(String address) {
        lock.lock();
        try {
            count--;
            byAddress.computeIfPresent(address, (key, ofAddress) -> ofAddress == 1 ? null : ofAddress - 1);
        } finally {
            lock.unlock();
        }
    }
}
