package io.millrace.fetch.cache;

import io.millrace.model.ReadOutcome;
import io.millrace.model.ReadRequest;

/// The bytes that one answer may still have. Its first batch comes whole, whatever its size, so that every reader gets
/// on.
///
/// Threads: one. Units: bytes of record batches. Source: KIP-74.
final class Budget {

    private long left;
    private boolean isSpent;

    Budget(long bytes) {
        left = bytes;
    }

    long left() {
        return left;
    }

    /// How much this request may take beyond its first batch.
    long limit(ReadRequest request) {
        return Math.clamp(left, 0, request.maxBytes());
    }

    /// As much of the page as fits, which counts from now on.
    ReadOutcome.Batches take(ReadRequest request, ReadOutcome.Batches page) {
        long limit = limit(request);
        long bytes = 0;
        int count = 0;
        for (var batch : page.batches()) {
            int size = batch.sizeInBytes();
            boolean fits = count == 0 ? !isSpent || size <= left : bytes + size <= limit;
            if (!fits) {
                break;
            }
            bytes += size;
            count++;
        }
        left -= bytes;
        isSpent |= count > 0;
        return count == page.batches().size()
                ? page
                : new ReadOutcome.Batches(page.batches().subList(0, count), page.watermarks());
    }
}
