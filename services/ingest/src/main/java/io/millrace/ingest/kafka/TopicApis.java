package io.millrace.ingest.kafka;

import io.millrace.kafka.handlers.TopicDirectory;
import io.millrace.kafka.listener.RequestHandler;
import io.millrace.model.Command;
import io.millrace.model.CommandOutcome;
import io.millrace.model.OffsetOutcome;
import io.millrace.model.OffsetQuery;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.apache.kafka.common.protocol.ApiKeys;

/// What clients and tools ask about topics and their offsets, answered by asking wal-store.
///
/// Threads: the handlers run on event loops and never block.
public final class TopicApis {

    private TopicApis() {}

    /// The calls to wal-store.
    public record Store(
            Function<Command, Uni<CommandOutcome>> execute,
            Function<List<OffsetQuery>, Uni<List<OffsetOutcome>>> offsets) {}

    /// The handlers by API.
    ///
    /// @param decompression where batches are decompressed to find a timestamp
    public static Map<ApiKeys, RequestHandler> handlers(TopicDirectory directory, Store store, Executor decompression) {
        return Map.of(
                ApiKeys.LIST_OFFSETS, new ListOffsetsHandler(directory, store.offsets(), decompression),
                ApiKeys.OFFSET_FOR_LEADER_EPOCH, new OffsetForLeaderEpochHandler(directory, store.offsets()),
                ApiKeys.CREATE_TOPICS, new CreateTopicsHandler(store.execute()),
                ApiKeys.DELETE_TOPICS, new DeleteTopicsHandler(directory, store.execute()),
                ApiKeys.CREATE_PARTITIONS, new CreatePartitionsHandler(directory, store.execute()),
                ApiKeys.INCREMENTAL_ALTER_CONFIGS, new IncrementalAlterConfigsHandler(directory, store.execute()),
                ApiKeys.DELETE_RECORDS, new DeleteRecordsHandler(directory, store.execute()));
    }
}
