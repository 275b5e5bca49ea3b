import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;

/// Many clients commit offsets, each its own group's, one commit after the other: commits a second and their latency.
/// Run by bench/commits; the same client for both products.
final class Commits {
    private static final short VERSION = 8;
    private static final short HEADER_VERSION = 2;

    private final String topic = "commits";
    private final int clients;
    private final int partitions;
    private final AtomicLong errors = new AtomicLong();
    private volatile boolean isMeasuring;
    private volatile boolean isStopping;

    private Commits(int clients, int partitions) {
        this.clients = clients;
        this.partitions = partitions;
    }

    /// NAME BOOTSTRAP CLIENTS PARTITIONS SECONDS
    public static void main(String[] arguments) throws Exception {
        Commits commits = new Commits(Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]));
        System.out.println(commits.run(arguments[0], arguments[1], Integer.parseInt(arguments[4])));
    }

    private String run(String name, String bootstrap, int seconds) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            createTopic(admin);
            Node coordinator = coordinator(admin);
            List<Client> all = new ArrayList<>();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                Client client = new Client("bench-" + i, coordinator);
                all.add(client);
                threads.add(Thread.ofVirtual().start(client));
            }
            TimeUnit.SECONDS.sleep(4);
            isMeasuring = true;
            long start = System.nanoTime();
            TimeUnit.SECONDS.sleep(seconds);
            isMeasuring = false;
            double elapsed = (System.nanoTime() - start) / 1e9;
            isStopping = true;
            for (Thread thread : threads) {
                thread.join();
            }
            check(admin, all);
            long[] nanos = all.stream()
                    .flatMapToLong(client -> Arrays.stream(client.latencies()))
                    .sorted()
                    .toArray();
            return String.format(
                    "{\"product\":\"%s\",\"clients\":%d,\"partitions\":%d,\"commits_s\":%.0f,\"p50_ms\":%.2f,"
                            + "\"p99_ms\":%.2f,\"p999_ms\":%.2f,\"errors\":%d}",
                    name,
                    clients,
                    partitions,
                    nanos.length / elapsed,
                    at(nanos, 0.5),
                    at(nanos, 0.99),
                    at(nanos, 0.999),
                    errors.get());
        }
    }

    private static double at(long[] sorted, double quantile) {
        return sorted.length == 0 ? -1 : sorted[(int) (quantile * (sorted.length - 1))] / 1e6;
    }

    private void createTopic(Admin admin) throws InterruptedException {
        try {
            admin.createTopics(List.of(new NewTopic(topic, partitions, (short) -1)))
                    .all()
                    .get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static Node coordinator(Admin admin) throws Exception {
        admin.alterConsumerGroupOffsets("bench-0", Map.of(new TopicPartition("commits", 0), new OffsetAndMetadata(0)))
                .all()
                .get();
        return admin.describeConsumerGroups(List.of("bench-0"))
                .describedGroups()
                .get("bench-0")
                .get()
                .coordinator();
    }

    /// What was answered is there.
    private void check(Admin admin, List<Client> all) throws Exception {
        for (Client client : all) {
            long found = admin.listConsumerGroupOffsets(client.group)
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .get(new TopicPartition(topic, 0))
                    .offset();
            if (found < client.offset) {
                throw new IllegalStateException(client.group + " was answered " + client.offset + " and has " + found);
            }
        }
    }

    private final class Client implements Runnable {
        private final String group;
        private final Node coordinator;
        private long[] latencies = new long[1 << 16];
        private int count;
        private long offset;

        private Client(String group, Node coordinator) {
            this.group = group;
            this.coordinator = coordinator;
        }

        long[] latencies() {
            return Arrays.copyOf(latencies, count);
        }

        @Override
        public void run() {
            try (Socket socket = new Socket(coordinator.host(), coordinator.port())) {
                socket.setTcpNoDelay(true);
                OutputStream out = socket.getOutputStream();
                DataInputStream in = new DataInputStream(socket.getInputStream());
                for (int correlation = 1; !isStopping; correlation++) {
                    long start = System.nanoTime();
                    boolean isCounted = isMeasuring;
                    out.write(request(correlation, offset + 1));
                    byte[] frame = new byte[in.readInt()];
                    in.readFully(frame);
                    if (isGood(ByteBuffer.wrap(frame))) {
                        offset++;
                        if (isCounted && isMeasuring) {
                            note(System.nanoTime() - start);
                        }
                    } else {
                        errors.incrementAndGet();
                    }
                }
            } catch (IOException e) {
                throw new IllegalStateException(group, e);
            }
        }

        private void note(long nanos) {
            if (count == latencies.length) {
                latencies = Arrays.copyOf(latencies, 2 * count);
            }
            latencies[count++] = nanos;
        }

        private byte[] request(int correlation, long committed) {
            List<OffsetCommitRequestPartition> each = new ArrayList<>();
            for (int partition = 0; partition < partitions; partition++) {
                each.add(new OffsetCommitRequestPartition()
                        .setPartitionIndex(partition)
                        .setCommittedOffset(committed));
            }
            RequestHeaderData header = new RequestHeaderData()
                    .setRequestApiKey(ApiKeys.OFFSET_COMMIT.id)
                    .setRequestApiVersion(VERSION)
                    .setCorrelationId(correlation)
                    .setClientId(group);
            OffsetCommitRequestData body = new OffsetCommitRequestData()
                    .setGroupId(group)
                    .setTopics(List.of(
                            new OffsetCommitRequestTopic().setName(topic).setPartitions(each)));
            ByteBuffer head =
                    MessageUtil.toByteBufferAccessor(header, HEADER_VERSION).buffer();
            ByteBuffer tail = MessageUtil.toByteBufferAccessor(body, VERSION).buffer();
            return ByteBuffer.allocate(4 + head.remaining() + tail.remaining())
                    .putInt(head.remaining() + tail.remaining())
                    .put(head)
                    .put(tail)
                    .array();
        }

        private boolean isGood(ByteBuffer frame) {
            ByteBufferAccessor in = new ByteBufferAccessor(frame);
            new ResponseHeaderData(in, (short) 1);
            return new OffsetCommitResponseData(in, VERSION)
                    .topics().stream()
                            .flatMap(each -> each.partitions().stream())
                            .allMatch(partition -> partition.errorCode() == 0);
        }
    }
}
