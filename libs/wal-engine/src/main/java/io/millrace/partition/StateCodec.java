package io.millrace.partition;

import io.millrace.model.PartitionId;
import io.millrace.model.Topic;
import io.millrace.partition.CapturedState.CatalogPart;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A shard's state as records, for the checkpoint.
///
/// ```
/// position 8 | owner epoch 4 | catalog version 8 | next producer id 8 | topic count 4
/// each topic: as in its entry; behind it, each of its partitions:
///   position 8 | live batches in segments 8 | in sealed files 8
///   log start offset 8 | log end offset 8 | cleaned offset 8
///   epoch count 4, each: epoch 4 | start offset 8
///   producer count 4, each: id 8 | epoch 2 | last round, millis 8 | longs 4, the longs: sequences, base offset
///   stretch count 4, each: end offset 8 | bytes 8 | first round 8 | last round 8 | largest timestamp 8, in millis
/// ```
///
/// Threads: stateless.
public final class StateCodec {

    private static final int HEAD_BYTES = 2 * Integer.BYTES + 3 * Long.BYTES;

    private StateCodec() {}

    /// Where records go.
    @FunctionalInterface
    public interface Sink {

        /// Takes the next record, which is the receiver's from then on.
        void put(ByteBuffer record) throws IOException;
    }

    /// Where they come from.
    @FunctionalInterface
    public interface Source {

        /// Hands out the next record, lent until the next call.
        ByteBuffer next() throws IOException;
    }

    public static void encode(CapturedState state, Sink sink) throws IOException {
        CatalogPart catalog = state.catalog();
        ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
        head.putLong(catalog.position()).putInt(catalog.ownerEpoch()).putLong(catalog.version());
        head.putLong(catalog.nextProducerId()).putInt(catalog.topics().size());
        sink.put(head.flip());
        for (Topic topic : catalog.topics()) {
            ByteBuffer record = ByteBuffer.allocate(EntryCodec.topicBytes(topic));
            EntryCodec.encodeTopic(topic, record);
            sink.put(record.flip());
            for (int i = 0; i < topic.partitionCount(); i++) {
                PartitionSnapshot partition = state.partition(new PartitionId(topic.id(), i));
                ByteBuffer bytes = ByteBuffer.allocate(partition.encodedBytes());
                partition.encode(bytes);
                sink.put(bytes.flip());
            }
        }
    }

    public static CapturedState decode(Source source) throws IOException {
        ByteBuffer head = source.next();
        long position = head.getLong();
        int ownerEpoch = head.getInt();
        long version = head.getLong();
        long nextProducerId = head.getLong();
        int topicCount = head.getInt();
        List<Topic> topics = new ArrayList<>();
        Map<PartitionId, PartitionSnapshot> partitions = new HashMap<>();
        for (int i = 0; i < topicCount; i++) {
            Topic topic = EntryCodec.decodeTopic(source.next());
            topics.add(topic);
            for (int partition = 0; partition < topic.partitionCount(); partition++) {
                partitions.put(new PartitionId(topic.id(), partition), PartitionSnapshot.decode(source.next()));
            }
        }
        return new CapturedState(new CatalogPart(position, ownerEpoch, version, nextProducerId, topics), partitions);
    }
}
