package io.millrace.coordinator.kafka;

import io.millrace.coordinator.log.ShardTenure;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.coordinator.group.GroupCoordinator;

/// Kafka's coordinator, and whether what it says still holds.
///
/// It answers from memory. An owner that was paused while another took its shard over would tell what was true then, so
/// an answer goes out only after the log has said that the shard was still owned when it was made. What was appended
/// for an answer proves that by itself.
///
/// Threads: any; never blocks.
///
/// @param tenure of a shard; empty as long as it was never served, when there is nothing to answer from either
record Groups(GroupCoordinator coordinator, int shards, IntFunction<Optional<ShardTenure>> tenure) {

    <T> CompletableFuture<T> confirmed(String groupId, CompletableFuture<T> answer) {
        return confirmed(List.of(groupId), answer);
    }

    <T> CompletableFuture<T> confirmed(Collection<String> groupIds, CompletableFuture<T> answer) {
        return answer.thenCompose(given -> {
            Set<Integer> asked = new HashSet<>();
            groupIds.forEach(groupId -> asked.add(coordinator.partitionFor(groupId)));
            return afterCheck(asked, given);
        });
    }

    /// An answer about every group of this node.
    <T> CompletableFuture<T> confirmedOfAll(CompletableFuture<T> answer) {
        return answer.thenCompose(given -> {
            Set<Integer> all = new HashSet<>();
            for (int shard = 0; shard < shards; shard++) {
                all.add(shard);
            }
            return afterCheck(all, given);
        });
    }

    private <T> CompletableFuture<T> afterCheck(Set<Integer> asked, T answer) {
        List<CompletableFuture<Boolean>> checks = new ArrayList<>();
        asked.forEach(shard -> tenure.apply(shard).map(ShardTenure::isCurrent).ifPresent(checks::add));
        return CompletableFuture.allOf(checks.toArray(CompletableFuture[]::new)).thenApply(_ -> {
            if (!checks.stream().allMatch(CompletableFuture::join)) {
                throw Errors.NOT_COORDINATOR.exception();
            }
            return answer;
        });
    }
}
