package io.millrace.api.http;

import io.millrace.model.Catalog;
import io.millrace.model.Command;
import io.millrace.model.CommandOutcome;
import io.millrace.model.OffsetOutcome;
import io.millrace.model.OffsetQuery;
import io.millrace.model.PartitionId;
import io.millrace.model.SizesOutcome;
import io.millrace.model.Watermarks;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;

/// What wal-store does for the other services.
///
/// Threads: called on event loops, never blocks one; may answer on any thread.
public interface StoreService extends ReadService {

    /// A new append stream of this ingest instance; closes its older sessions first and drops what they had not
    /// decided.
    ///
    /// @param ingestInstance the name that stays the same over restarts, such as `ingest-0`
    AppendSession openSession(String ingestInstance);

    /// One outcome per query, in the same order.
    Uni<List<OffsetOutcome>> offsets(List<OffsetQuery> queries);

    /// How many bytes are kept of each of these partitions.
    Uni<SizesOutcome> sizes(List<PartitionId> partitionIds);

    Uni<CommandOutcome> execute(Command command);

    /// The latest applied catalog. A change is in here before it is handed to [FeedPublisher#publish].
    Catalog catalog();

    /// The latest applied watermarks, likewise before they are published; empty for a partition that does not exist.
    Optional<Watermarks> watermarks(PartitionId partitionId);
}
