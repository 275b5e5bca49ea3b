package io.millrace.ingest.kafka;

import io.millrace.kafka.handlers.TopicDirectory;
import io.millrace.kafka.listener.RequestHandler;
import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.kafka.wire.KafkaResponse;
import io.millrace.model.Command;
import io.millrace.model.CommandOutcome;
import io.millrace.model.PartitionId;
import io.millrace.model.Topic;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DeleteRecordsRequest;
import org.apache.kafka.common.requests.DeleteRecordsResponse;

/// Answers DeleteRecords by moving log start offsets up, durably. Source: KIP-107.
final class DeleteRecordsHandler implements RequestHandler {

    private final TopicDirectory directory;
    private final Function<Command, Uni<CommandOutcome>> store;

    DeleteRecordsHandler(TopicDirectory directory, Function<Command, Uni<CommandOutcome>> store) {
        this.directory = directory;
        this.store = store;
    }

    @Override
    public Uni<KafkaResponse> handle(KafkaRequest request) {
        DeleteRecordsRequestData asked = ((DeleteRecordsRequest) request.body()).data();
        List<String> names =
                asked.topics().stream().map(DeleteRecordsTopic::name).toList();
        return NamedTopics.find(directory, names).chain(topics -> delete(asked, topics));
    }

    private Uni<KafkaResponse> delete(DeleteRecordsRequestData asked, NamedTopics topics) {
        List<Uni<DeleteRecordsPartitionResult>> results = new ArrayList<>();
        for (DeleteRecordsTopic topic : asked.topics()) {
            for (DeleteRecordsPartition partition : topic.partitions()) {
                results.add(delete(topic.name(), partition, asked.timeoutMs(), topics));
            }
        }
        return CommandErrors.all(results).map(all -> response(asked, all));
    }

    private Uni<DeleteRecordsPartitionResult> delete(
            String name, DeleteRecordsPartition partition, int timeoutMillis, NamedTopics topics) {
        int index = partition.partitionIndex();
        Optional<Topic> topic = topics.topic(name);
        if (topic.isEmpty()) {
            return Uni.createFrom().item(failed(index, topics.error(name)));
        }
        if (index < 0 || index >= topic.get().partitionCount()) {
            return Uni.createFrom().item(failed(index, Errors.UNKNOWN_TOPIC_OR_PARTITION));
        }
        Command command = new Command.DeleteRecords(new PartitionId(topic.get().id(), index), partition.offset());
        return CommandErrors.within(timeoutMillis, store.apply(command)).map(outcome -> result(index, outcome));
    }

    private static DeleteRecordsPartitionResult result(int index, CommandOutcome outcome) {
        return outcome instanceof CommandOutcome.RecordsDeleted(long logStartOffset)
                ? new DeleteRecordsPartitionResult().setPartitionIndex(index).setLowWatermark(logStartOffset)
                : failed(index, CommandErrors.of(outcome).error());
    }

    private static DeleteRecordsPartitionResult failed(int index, Errors error) {
        return new DeleteRecordsPartitionResult()
                .setPartitionIndex(index)
                .setLowWatermark(DeleteRecordsResponse.INVALID_LOW_WATERMARK)
                .setErrorCode(error.code());
    }

    private static KafkaResponse response(DeleteRecordsRequestData asked, List<DeleteRecordsPartitionResult> results) {
        DeleteRecordsResponseData data = new DeleteRecordsResponseData();
        Iterator<DeleteRecordsPartitionResult> next = results.iterator();
        for (DeleteRecordsTopic topic : asked.topics()) {
            DeleteRecordsTopicResult result = new DeleteRecordsTopicResult().setName(topic.name());
            topic.partitions().forEach(partition -> result.partitions().add(next.next()));
            data.topics().add(result);
        }
        return new KafkaResponse.Answer(new DeleteRecordsResponse(data));
    }
}
