package io.millrace.coordinator.kafka;

import io.millrace.coordinator.log.ShardTenure;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
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
            return afterCheck(tenures(asked), given, Errors.NOT_COORDINATOR);
        });
    }

    /// An answer about every group: all shards are this node's.
    ///
    /// Kafka's coordinator leaves out the groups of a shard that it does not have now, as if they were
    /// another node's. So the answer holds only if every shard was served when it was made.
    ///
    /// Errors: one after which clients ask again; with NOT_COORDINATOR they go without this node's groups.
    <T> CompletableFuture<T> confirmedOfAll(CompletableFuture<T> answer) {
        List<ShardTenure> all = tenures(IntStream.range(0, shards).boxed().toList());
        if (all.size() < shards) {
            return CompletableFuture.failedFuture(Errors.COORDINATOR_NOT_AVAILABLE.exception());
        }
        return answer.thenCompose(given -> afterCheck(all, given, Errors.COORDINATOR_NOT_AVAILABLE));
    }

    private List<ShardTenure> tenures(Collection<Integer> asked) {
        return asked.stream().map(tenure::apply).flatMap(Optional::stream).toList();
    }

    private static <T> CompletableFuture<T> afterCheck(List<ShardTenure> asked, T answer, Errors otherwise) {
        List<CompletableFuture<Boolean>> checks =
                asked.stream().map(ShardTenure::isCurrent).toList();
        return CompletableFuture.allOf(checks.toArray(CompletableFuture[]::new)).thenApply(_ -> {
            if (!checks.stream().allMatch(CompletableFuture::join)) {
                throw otherwise.exception();
            }
            return answer;
        });
    }
}
