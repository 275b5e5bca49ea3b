package io.millrace.ingest.kafka;

import io.millrace.kafka.handlers.ClusterContext;
import io.millrace.kafka.handlers.TopicDirectory;
import io.millrace.kafka.listener.RequestHandler;
import io.millrace.model.Command;
import io.millrace.model.CommandOutcome;
import io.millrace.model.OffsetOutcome;
import io.millrace.model.OffsetQuery;
import io.millrace.model.PartitionId;
import io.millrace.model.SizesOutcome;
import io.smallrye.mutiny.Uni;
import java.util.EnumMap;
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
            Function<List<OffsetQuery>, Uni<List<OffsetOutcome>>> offsets,
            Function<List<PartitionId>, Uni<SizesOutcome>> sizes) {}

    /// The handlers by API.
    ///
    /// @param decompression where batches are decompressed to find a timestamp
    static Map<ApiKeys, RequestHandler> handlers(ClusterContext context, Store store, Executor decompression) {
        TopicDirectory directory = context.directory();
        Leadership leadership = new Leadership(context.self().nodeId(), context.routing());
        ConfigAlterations alterations = new ConfigAlterations(directory, store.execute());
        LogDirHandlers logDirs = new LogDirHandlers(directory, store.sizes(), leadership);
        Map<ApiKeys, RequestHandler> handlers = new EnumMap<>(ApiKeys.class);
        handlers.put(ApiKeys.LIST_OFFSETS, new ListOffsetsHandler(directory, store.offsets(), decompression));
        handlers.put(ApiKeys.OFFSET_FOR_LEADER_EPOCH, new OffsetForLeaderEpochHandler(directory, store.offsets()));
        handlers.put(ApiKeys.CREATE_TOPICS, new CreateTopicsHandler(store.execute()));
        handlers.put(ApiKeys.DELETE_TOPICS, new DeleteTopicsHandler(directory, store.execute()));
        handlers.put(ApiKeys.CREATE_PARTITIONS, new CreatePartitionsHandler(directory, store.execute()));
        handlers.put(ApiKeys.INCREMENTAL_ALTER_CONFIGS, new IncrementalAlterConfigsHandler(alterations));
        handlers.put(ApiKeys.ALTER_CONFIGS, new AlterConfigsHandler(alterations));
        handlers.put(ApiKeys.ALTER_CLIENT_QUOTAS, new AlterClientQuotasHandler(store.execute()));
        handlers.put(ApiKeys.DELETE_RECORDS, new DeleteRecordsHandler(directory, store.execute()));
        handlers.put(ApiKeys.DESCRIBE_PRODUCERS, new DescribeProducersHandler(directory, store.execute(), leadership));
        handlers.put(ApiKeys.DESCRIBE_LOG_DIRS, logDirs::describe);
        handlers.put(ApiKeys.ALTER_REPLICA_LOG_DIRS, logDirs::alter);
        return handlers;
    }
}
