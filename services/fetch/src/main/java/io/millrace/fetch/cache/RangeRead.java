package io.millrace.fetch.cache;

import io.millrace.model.ReadOutcome;
import io.millrace.model.ReadRequest;
import java.util.concurrent.CompletableFuture;

/// One range on its way from the owner; how far it reaches is known when it is here.
///
/// Threads: immutable, but for the outcome, which is completed once.
record RangeRead(ReadRequest request, CompletableFuture<ReadOutcome> outcome) {

    /// Whether this read may bring the offset: a record has a byte at least.
    boolean mayBring(long offset) {
        long from = request.fromOffset();
        return offset == from || (offset > from && offset - from < request.maxBytes());
    }
}
