package io.millrace.kafka.wire;

import io.millrace.model.RecordBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.network.TransferableChannel;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.RecordsSend;

/// Stored batches as the records of a Fetch response, without copying them.
///
/// Threads: immutable.
public final class RecordsView implements BaseRecords {

    private final List<RecordBatch> batches;
    private final int sizeInBytes;

    public RecordsView(List<RecordBatch> batches) {
        this.batches = List.copyOf(batches);
        int size = 0;
        for (RecordBatch batch : this.batches) {
            size = Math.addExact(size, batch.sizeInBytes());
        }
        this.sizeInBytes = size;
    }

    public List<RecordBatch> batches() {
        return batches;
    }

    @Override
    public int sizeInBytes() {
        return sizeInBytes;
    }

    @Override
    public RecordsSend<RecordsView> toSend() {
        return new BatchesSend(this);
    }

    @Override
    public String toString() {
        return "RecordsView[" + batches.size() + " batches, " + sizeInBytes + " bytes]";
    }

    private static final class BatchesSend extends RecordsSend<RecordsView> {

        private final ByteBuffer[] buffers;

        BatchesSend(RecordsView view) {
            super(view, view.sizeInBytes);
            buffers = view.batches.stream().map(RecordBatch::buffer).toArray(ByteBuffer[]::new);
        }

        /// The buffers' own positions remember how much was written.
        @Override
        protected int writeTo(TransferableChannel channel, int previouslyWritten, int remaining) throws IOException {
            return Math.toIntExact(channel.write(buffers));
        }
    }
}
