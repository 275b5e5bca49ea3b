package io.millrace.e2e.reading;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.Batches;
import io.millrace.e2e.client.Clients;
import io.millrace.e2e.client.RawConnection;
import io.millrace.e2e.client.RawTopic;
import io.millrace.e2e.client.RawTopic.Range;
import io.millrace.e2e.cluster.ClusterOptions;
import io.millrace.e2e.cluster.HostPort;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.Service;
import io.millrace.e2e.cluster.ServiceProcess;
import io.millrace.e2e.cluster.Tier;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// Thousands of consumers that wait for nothing cost next to nothing, and those that vanish leave nothing behind.
///
/// Source: failure F36 (closed sockets spin).
final class IdleReadersIT {
    private static final int READERS = Tier.rounds(1_000, 5_000);
    private static final int VANISHING = 1_000;
    private static final int VERSION = 10;
    private static final Duration WATCHED = Duration.ofSeconds(5);
    private static final int LOOKS = 4;
    private static final double CPU_SHARE_MAX = 0.05;
    private static final int WAIT_MILLIS = 300_000;

    @Test
    void waitingReadersAreCheapAndEachIsAnsweredWhenSomethingComes() {
        ClusterOptions options = ClusterOptions.named("idle-readers").with("millrace.fetch.wait-max", "300s");
        try (MillraceCluster cluster = MillraceCluster.start(options)) {
            RawTopic topic = topic(cluster);
            ServiceProcess fetch = cluster.process(Service.FETCH);
            long residentBefore = fetch.residentBytes();
            List<RawConnection> readers = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                RawConnection reader = RawConnection.open(cluster.kafka(Service.FETCH));
                reader.post(topic.fetchRequest(Range.at(0, 0).waiting(1, WAIT_MILLIS), VERSION), VERSION);
                readers.add(reader);
            }
            awaitConnections(cluster, READERS);
            double share = idleShare(fetch);
            long bytesEach = (fetch.residentBytes() - residentBefore) / READERS;
            System.out.printf(
                    "%d waiting readers: %.3f of a core, %d bytes of memory each%n", READERS, share, bytesEach);
            try (RawConnection producer = RawConnection.open(cluster.kafka(Service.INGEST))) {
                topic.produce(producer, 0, Batches.of("at last"), 9);
            }

            for (RawConnection reader : readers) {
                PartitionData answer = RawTopic.fetched(reader.receive(FetchResponseData.class));
                assertThat(RawTopic.records(answer).sizeInBytes()).isPositive();
                reader.close();
            }
            assertThat(share).isLessThan(CPU_SHARE_MAX);
            awaitConnections(cluster, 0);
        }
    }

    @Test
    void readersThatVanishLeaveNothingBehind() throws IOException {
        ClusterOptions options = ClusterOptions.named("vanishing-readers").with("millrace.listener.idle-timeout", "3s");
        try (MillraceCluster cluster = MillraceCluster.start(options)) {
            RawTopic topic = topic(cluster);
            HostPort address = cluster.kafka(Service.FETCH);
            List<RawConnection> silent = new ArrayList<>();
            for (int i = 0; i < VANISHING; i++) {
                RawConnection reader = RawConnection.open(address);
                reader.post(topic.fetchRequest(Range.at(0, 0).waiting(1, 20_000), VERSION), VERSION);
                if (i % 2 == 0) {
                    reader.reset();
                } else {
                    reader.shutdownOutput();
                    silent.add(reader);
                }
                // And one that never says a word.
                Socket mute = new Socket();
                mute.connect(new InetSocketAddress(address.host(), address.port()));
                silent.add(RawConnection.over(mute));
            }
            awaitConnections(cluster, 0);

            assertThat(idleShare(cluster.process(Service.FETCH))).isLessThan(CPU_SHARE_MAX);
            silent.forEach(RawConnection::close);
        }
    }

    /// The share of a core that it uses when nothing happens: the least of a few looks, since a compiler or a collector
    /// that is at work in one of them is no idle cost.
    private static double idleShare(ServiceProcess process) {
        double least = Double.MAX_VALUE;
        for (int look = 0; look < LOOKS; look++) {
            Duration before = process.cpuTime();
            LockSupport.parkNanos(WATCHED.toNanos());
            least = Math.min(least, (double) process.cpuTime().minus(before).toNanos() / WATCHED.toNanos());
        }
        return least;
    }

    private static RawTopic topic(MillraceCluster cluster) {
        new Clients(cluster.bootstrap()).createTopic("idle", 1);
        try (RawConnection connection = RawConnection.open(cluster.kafka(Service.INGEST))) {
            return RawTopic.find(connection, "idle");
        }
    }

    private static void awaitConnections(MillraceCluster cluster, int count) {
        Awaitility.await(count + " connections")
                .atMost(Duration.ofMinutes(1))
                .until(() -> cluster.metrics(Service.FETCH).sum("millrace_listener_connections") == count);
    }
}
