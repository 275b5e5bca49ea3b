package io.millrace.api.http;

import io.millrace.model.PartitionId;
import io.millrace.model.SizesOutcome;
import java.util.List;

/// The question for the sizes of partitions, and its answer, as bytes.
final class SizesCodec {

    private SizesCodec() {}

    static void writePartitions(WireWriter out, List<PartitionId> partitionIds) {
        out.putInt(partitionIds.size());
        partitionIds.forEach(id -> ModelCodec.writePartitionId(out, id));
    }

    static List<PartitionId> readPartitions(WireReader in) {
        return in.readList(ModelCodec.PARTITION_ID_BYTES, WireReader::readPartitionId);
    }

    static void writeOutcome(WireWriter out, SizesOutcome outcome) {
        switch (outcome) {
            case SizesOutcome.Sizes sizes -> {
                out.putByte(1).putString(sizes.directory());
                out.putLong(sizes.totalBytes()).putLong(sizes.usableBytes());
                out.putInt(sizes.partitionBytes().size());
                sizes.partitionBytes().forEach(out::putLong);
            }
            case SizesOutcome.Unknown(String message) -> out.putByte(2).putString(message);
        }
    }

    static SizesOutcome readOutcome(WireReader in) {
        int kind = in.readByte();
        return switch (kind) {
            case 1 ->
                new SizesOutcome.Sizes(
                        in.readString(), in.readLong(), in.readLong(), in.readList(Long.BYTES, WireReader::readLong));
            case 2 -> new SizesOutcome.Unknown(in.readString());
            default -> throw WireReader.unknown("outcome of sizes", kind);
        };
    }
}
