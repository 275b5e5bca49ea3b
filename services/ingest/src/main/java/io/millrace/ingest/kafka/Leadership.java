package io.millrace.ingest.kafka;

import io.millrace.kafka.handlers.RoutingView;
import io.millrace.model.PartitionId;
import java.util.function.Supplier;

/// Which partitions are led by this node, as clients are told; those it answers for where each node has its own share.
record Leadership(int nodeId, Supplier<RoutingView> routing) {

    boolean isOf(PartitionId partitionId) {
        return routing.get()
                .leader(partitionId)
                .filter(leader -> leader.nodeId() == nodeId)
                .isPresent();
    }
}
