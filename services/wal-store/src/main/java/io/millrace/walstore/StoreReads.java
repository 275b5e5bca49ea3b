package io.millrace.walstore;

import io.millrace.model.OffsetOutcome;
import io.millrace.model.OffsetQuery;
import io.millrace.model.ReadOutcome;
import io.millrace.model.ReadRequest;
import io.millrace.model.Refusal;
import io.millrace.model.Watermarks;
import io.millrace.store.LogStore;
import io.millrace.store.NanoClock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/// Reads of several partitions, one after the other, within one limit of bytes.
///
/// Threads: the read threads; blocks on the disk. Units: bytes.
/// Errors: a partition that the disk or a checksum fails is refused by itself; the others are answered.
final class StoreReads {

    private static final Logger LOG = Logger.getLogger(StoreReads.class);

    private final WalMeters meters;
    private final NanoClock clock;

    StoreReads(WalMeters meters, NanoClock clock) {
        this.meters = meters;
        this.clock = clock;
    }

    /// The first batch found is answered whole, whatever its size; a partition for which nothing is left of the
    /// limit is answered without batches, but with its watermarks. Source: KIP-74.
    List<ReadOutcome> read(LogStore store, List<ReadRequest> requests, long totalBytesMax) {
        List<ReadOutcome> outcomes = new ArrayList<>(requests.size());
        long left = totalBytesMax;
        boolean isFirst = true;
        for (ReadRequest request : requests) {
            boolean isExhausted = left <= 0 && !isFirst;
            ReadOutcome outcome = isExhausted ? withoutBatches(store, request) : read(store, limited(request, left));
            if (outcome instanceof ReadOutcome.Batches found && !found.batches().isEmpty()) {
                int size = found.sizeInBytes();
                if (size > left && !isFirst) {
                    outcome = new ReadOutcome.Batches(List.of(), found.watermarks());
                    left = 0;
                } else {
                    left -= size;
                    isFirst = false;
                }
            }
            outcomes.add(outcome);
        }
        return outcomes;
    }

    private static ReadRequest limited(ReadRequest request, long left) {
        int maxBytes = (int) Math.min(request.maxBytes(), Math.max(0, left));
        return new ReadRequest(request.partitionId(), request.fromOffset(), maxBytes);
    }

    private ReadOutcome read(LogStore store, ReadRequest request) {
        long began = clock.nanos();
        try {
            ReadOutcome outcome = store.read(request);
            long bytes = outcome instanceof ReadOutcome.Batches found ? found.sizeInBytes() : 0;
            meters.read(bytes, clock.nanos() - began);
            return outcome;
        } catch (IOException e) {
            meters.readFailed();
            LOG.errorf(e, "Read failed partition=%s offset=%d", request.partitionId(), request.fromOffset());
            return new ReadOutcome.Refused(Refusal.STORAGE_FAULT, "The log cannot be read here: " + e.getMessage());
        }
    }

    private static ReadOutcome withoutBatches(LogStore store, ReadRequest request) {
        Optional<Watermarks> watermarks = store.watermarks(request.partitionId());
        if (watermarks.isEmpty()) {
            return new ReadOutcome.Refused(Refusal.UNKNOWN_PARTITION, "No partition " + request.partitionId());
        }
        Watermarks found = watermarks.get();
        boolean isInside =
                request.fromOffset() >= found.logStartOffset() && request.fromOffset() <= found.highWatermark();
        return isInside ? new ReadOutcome.Batches(List.of(), found) : new ReadOutcome.OutOfRange(found);
    }

    List<OffsetOutcome> offsets(LogStore store, List<OffsetQuery> queries) {
        return queries.stream().map(query -> offset(store, query)).toList();
    }

    private OffsetOutcome offset(LogStore store, OffsetQuery query) {
        try {
            return store.offset(query);
        } catch (IOException e) {
            meters.readFailed();
            LOG.errorf(e, "Offset look-up failed partition=%s", query.partitionId());
            return new OffsetOutcome.Refused(Refusal.STORAGE_FAULT, "The log cannot be read here: " + e.getMessage());
        }
    }
}
