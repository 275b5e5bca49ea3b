package io.millrace.fetch;

import io.millrace.api.http.ReadService;
import io.millrace.model.ReadOutcome;
import io.millrace.model.ReadRequest;
import io.smallrye.mutiny.Uni;
import java.util.List;

/// Reads on behalf of ingest, whose clients do not know fetch nodes: the same records from the same source.
///
/// Threads: any.
final class RangeReads implements ReadService {

    private final ReadService source;
    private final FetchMeters meters;

    RangeReads(ReadService source, FetchMeters meters) {
        this.source = source;
        this.meters = meters;
    }

    @Override
    public Uni<List<ReadOutcome>> read(List<ReadRequest> requests, long totalBytesMax) {
        return source.read(requests, totalBytesMax).invoke(outcomes -> meters.rangeRead(bytes(outcomes)));
    }

    private static long bytes(List<ReadOutcome> outcomes) {
        long bytes = 0;
        for (ReadOutcome outcome : outcomes) {
            bytes += outcome instanceof ReadOutcome.Batches batches ? batches.sizeInBytes() : 0;
        }
        return bytes;
    }
}
