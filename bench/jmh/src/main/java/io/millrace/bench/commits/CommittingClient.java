package io.millrace.bench.commits;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;

/// A client that commits the offsets of its group, one commit after the other, each to one higher than the last.
///
/// Threads: runs on one of its own; the figures are read when that has ended.
final class CommittingClient implements Runnable {
    private static final short VERSION = 8;
    private static final short REQUEST_HEADER_VERSION = 2;
    private static final short RESPONSE_HEADER_VERSION = 1;

    private final Node coordinator;
    private final String group;
    private final String topic;
    private final int partitions;
    private long[] latencies = new long[1 << 16];
    private int count;
    private int errors;
    private long offset;
    private volatile boolean isMeasuring;
    private volatile boolean isStopping;

    CommittingClient(Node coordinator, String group, String topic, int partitions) {
        this.coordinator = coordinator;
        this.group = group;
        this.topic = topic;
        this.partitions = partitions;
    }

    /// From now on commits count.
    void measure() {
        isMeasuring = true;
    }

    void stop() {
        isStopping = true;
    }

    String group() {
        return group;
    }

    /// What was answered last.
    long offset() {
        return offset;
    }

    int errors() {
        return errors;
    }

    /// Of each commit that counted, in nanoseconds.
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
                if (!isGood(ByteBuffer.wrap(frame))) {
                    errors++;
                    continue;
                }
                offset++;
                if (isCounted && !isStopping) {
                    note(System.nanoTime() - start);
                }
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(group, failed);
        }
    }

    private void note(long nanos) {
        if (count == latencies.length) {
            latencies = Arrays.copyOf(latencies, 2 * count);
        }
        latencies[count++] = nanos;
    }

    private byte[] request(int correlation, long committed) {
        List<OffsetCommitRequestPartition> each = IntStream.range(0, partitions)
                .mapToObj(partition -> new OffsetCommitRequestPartition()
                        .setPartitionIndex(partition)
                        .setCommittedOffset(committed))
                .toList();
        RequestHeaderData header = new RequestHeaderData()
                .setRequestApiKey(ApiKeys.OFFSET_COMMIT.id)
                .setRequestApiVersion(VERSION)
                .setCorrelationId(correlation)
                .setClientId(group);
        OffsetCommitRequestData body = new OffsetCommitRequestData()
                .setGroupId(group)
                .setTopics(List.of(new OffsetCommitRequestTopic().setName(topic).setPartitions(each)));
        ByteBuffer head =
                MessageUtil.toByteBufferAccessor(header, REQUEST_HEADER_VERSION).buffer();
        ByteBuffer tail = MessageUtil.toByteBufferAccessor(body, VERSION).buffer();
        return ByteBuffer.allocate(4 + head.remaining() + tail.remaining())
                .putInt(head.remaining() + tail.remaining())
                .put(head)
                .put(tail)
                .array();
    }

    private boolean isGood(ByteBuffer frame) {
        ByteBufferAccessor in = new ByteBufferAccessor(frame);
        var _ = new ResponseHeaderData(in, RESPONSE_HEADER_VERSION);
        return new OffsetCommitResponseData(in, VERSION)
                .topics().stream()
                        .flatMap(each -> each.partitions().stream())
                        .allMatch(partition -> partition.errorCode() == 0);
    }
}
