package io.millrace.fetch.cache;

import io.millrace.model.RecordBatch;
import java.util.ArrayList;
import java.util.List;

/// Batches on their way from the cache into an answer.
///
/// Threads: one. Units: record offsets, bytes.
final class CachedPage {

    private final long endOffset;
    private final long bytesMax;
    private final List<RecordBatch> batches = new ArrayList<>();
    private long nextOffset;
    private long bytes;

    /// @param endOffset no batch that reaches beyond is taken
    CachedPage(long fromOffset, long endOffset, long bytesMax) {
        this.nextOffset = fromOffset;
        this.endOffset = endOffset;
        this.bytesMax = bytesMax;
    }

    /// Takes what fits.
    ///
    /// @return whether the range was taken to its end, so that another may follow
    boolean add(CachedRange range) {
        for (int i = range.indexOf(nextOffset); i < range.batches().size(); i++) {
            RecordBatch batch = range.batches().get(i);
            if (batch.endOffset() > endOffset || (!batches.isEmpty() && bytes + batch.sizeInBytes() > bytesMax)) {
                return false;
            }
            batches.add(batch);
            bytes += batch.sizeInBytes();
            nextOffset = batch.endOffset();
            range.markUsed();
        }
        return true;
    }

    List<RecordBatch> batches() {
        return batches;
    }

    boolean isEmpty() {
        return batches.isEmpty();
    }

    /// After the last batch; where reading began if there is none.
    long nextOffset() {
        return nextOffset;
    }

    long bytes() {
        return bytes;
    }
}
