package io.millrace.e2e.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

/// Ports that nobody listens on, outside of the range from which the kernel takes the ports of outgoing connections:
/// a service that is killed must find its port free when it comes back.
///
/// Threads: one.
public final class FreePorts {
    private static final int LOWEST = 10_000;
    private static final int BELOW_EPHEMERAL = 32_000;

    /// Not seeded: two builds on one machine must not try the same ports in the same order.
    private final Random random = new Random();

    private final Set<Integer> given = new HashSet<>();

    public int next() {
        for (int attempt = 0; attempt < 1_000; attempt++) {
            int port = random.nextInt(LOWEST, BELOW_EPHEMERAL);
            if (!given.contains(port) && isFree(port)) {
                given.add(port);
                return port;
            }
        }
        throw new IllegalStateException("no free port between " + LOWEST + " and " + BELOW_EPHEMERAL);
    }

    static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
