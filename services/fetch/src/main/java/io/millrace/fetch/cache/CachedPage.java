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

    /// Takes what fits; a copy if it is little, because the page may outlive the range in the cache.
    ///
    /// @return whether the range was taken to its end, so that another may follow
    boolean add(CachedRange range) {
        List<RecordBatch> all = range.batches();
        int first = range.indexOf(nextOffset);
        int end = first;
        while (end < all.size() && fits(all.get(end))) {
            bytes += all.get(end).sizeInBytes();
            nextOffset = all.get(end).endOffset();
            end++;
        }
        if (end > first) {
            batches.addAll(ExactBuffer.ofFew(all.subList(first, end), range.recordBytes()));
            range.markUsed();
        }
        return end == all.size();
    }

    private boolean fits(RecordBatch batch) {
        return batch.endOffset() <= endOffset && (bytes == 0 || bytes + batch.sizeInBytes() <= bytesMax);
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
