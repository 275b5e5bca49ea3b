package io.millrace.ingest.kafka;

import io.millrace.kafka.handlers.TopicDirectory;
import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.kafka.wire.KafkaResponse;
import io.millrace.model.Catalog;
import io.millrace.model.PartitionId;
import io.millrace.model.SizesOutcome;
import io.millrace.model.Topic;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsPartition;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsResult;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AlterReplicaLogDirsRequest;
import org.apache.kafka.common.requests.AlterReplicaLogDirsResponse;
import org.apache.kafka.common.requests.DescribeLogDirsRequest;
import org.apache.kafka.common.requests.DescribeLogDirsResponse;

/// Answers about log directories: there is one, wal-store's. Each ingest node tells of the partitions that it leads, so
/// that a tool that asks all nodes sees each partition once.
///
/// Source: KIP-113, KIP-827 (the volume's size).
final class LogDirHandlers {

    private final TopicDirectory directory;
    private final Function<List<PartitionId>, Uni<SizesOutcome>> sizes;
    private final Leadership leadership;

    LogDirHandlers(
            TopicDirectory directory, Function<List<PartitionId>, Uni<SizesOutcome>> sizes, Leadership leadership) {
        this.directory = directory;
        this.sizes = sizes;
        this.leadership = leadership;
    }

    /// A topic, and those of its partitions that are told of.
    private record Share(Topic topic, List<Integer> partitions) {}

    Uni<KafkaResponse> describe(KafkaRequest request) {
        DescribeLogDirsRequestData asked = ((DescribeLogDirsRequest) request.body()).data();
        return directory.currentOrSeen().chain(catalog -> {
            List<Share> shares = shares(asked, catalog);
            List<PartitionId> ids = shares.stream()
                    .flatMap(share -> share.partitions().stream()
                            .map(each -> new PartitionId(share.topic().id(), each)))
                    .toList();
            return sizes.apply(ids).map(outcome -> response(shares, outcome));
        });
    }

    /// Asks for a move; what is where it should be stays, and nothing goes elsewhere.
    Uni<KafkaResponse> alter(KafkaRequest request) {
        AlterReplicaLogDirsRequestData asked = ((AlterReplicaLogDirsRequest) request.body()).data();
        return sizes.apply(List.of()).map(outcome -> {
            AlterReplicaLogDirsResponseData data = new AlterReplicaLogDirsResponseData();
            asked.dirs()
                    .forEach(dir -> dir.topics().forEach(topic -> {
                        Errors error = errorOf(dir.path(), outcome);
                        data.results()
                                .add(new AlterReplicaLogDirsResponseData.AlterReplicaLogDirTopicResult()
                                        .setTopicName(topic.name())
                                        .setPartitions(topic.partitions().stream()
                                                .map(partition ->
                                                        new AlterReplicaLogDirsResponseData
                                                                        .AlterReplicaLogDirPartitionResult()
                                                                .setPartitionIndex(partition)
                                                                .setErrorCode(error.code()))
                                                .toList()));
                    }));
            return new KafkaResponse.Answer(new AlterReplicaLogDirsResponse(data));
        });
    }

    private static Errors errorOf(String path, SizesOutcome outcome) {
        return switch (outcome) {
            case SizesOutcome.Sizes known -> known.directory().equals(path) ? Errors.NONE : Errors.LOG_DIR_NOT_FOUND;
            case SizesOutcome.Unknown _ -> Errors.REQUEST_TIMED_OUT;
        };
    }

    private List<Share> shares(DescribeLogDirsRequestData asked, Catalog catalog) {
        List<Share> shares = new ArrayList<>();
        if (asked.topics() == null) {
            catalog.topics().values().forEach(topic -> shares.add(share(topic, partition -> true)));
        } else {
            for (DescribeLogDirsRequestData.DescribableLogDirTopic each : asked.topics()) {
                Optional<Topic> topic = catalog.topic(each.topic());
                topic.ifPresent(found -> shares.add(share(found, each.partitions()::contains)));
            }
        }
        return shares.stream().filter(share -> !share.partitions().isEmpty()).toList();
    }

    private Share share(Topic topic, IntPredicate isAsked) {
        List<Integer> partitions = IntStream.range(0, topic.partitionCount())
                .filter(isAsked)
                .filter(partition -> leadership.isOf(new PartitionId(topic.id(), partition)))
                .boxed()
                .toList();
        return new Share(topic, partitions);
    }

    private static KafkaResponse response(List<Share> shares, SizesOutcome outcome) {
        DescribeLogDirsResult result = switch (outcome) {
            case SizesOutcome.Sizes known -> result(shares, known);
            case SizesOutcome.Unknown _ ->
                new DescribeLogDirsResult().setLogDir("").setErrorCode(Errors.KAFKA_STORAGE_ERROR.code());
        };
        return new KafkaResponse.Answer(
                new DescribeLogDirsResponse(new DescribeLogDirsResponseData().setResults(List.of(result))));
    }

    private static DescribeLogDirsResult result(List<Share> shares, SizesOutcome.Sizes known) {
        DescribeLogDirsResult result = new DescribeLogDirsResult()
                .setLogDir(known.directory())
                .setTotalBytes(known.totalBytes())
                .setUsableBytes(known.usableBytes());
        int next = 0;
        for (Share share : shares) {
            DescribeLogDirsTopic topic =
                    new DescribeLogDirsTopic().setName(share.topic().name());
            for (int partition : share.partitions()) {
                long bytes = known.partitionBytes().get(next);
                next++;
                if (bytes >= 0) {
                    topic.partitions()
                            .add(new DescribeLogDirsPartition()
                                    .setPartitionIndex(partition)
                                    .setPartitionSize(bytes));
                }
            }
            result.topics().add(topic);
        }
        return result;
    }
}
