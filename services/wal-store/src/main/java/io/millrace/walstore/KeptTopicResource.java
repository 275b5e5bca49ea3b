package io.millrace.walstore;

import io.millrace.model.PartitionId;
import io.millrace.model.Topic;
import io.millrace.runtime.rest.Problems;
import io.millrace.store.LogStore;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/// What the log keeps of one topic, for people.
@Path("/api/v1/wal/topics/{topic}")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "wal")
final class KeptTopicResource {

    private final StoreOwner owner;

    KeptTopicResource(StoreOwner owner) {
        this.owner = owner;
    }

    @GET
    @Operation(
            summary = "How far each partition of a topic reaches, and how many bytes are kept of it",
            description = "404 if there is no such topic, 503 while the log is being recovered.")
    public KeptTopicView topic(@PathParam("topic") String name) {
        LogStore store = owner.store().orElseThrow(() -> Problems.unavailable(OwnerText.of(owner.state())));
        Topic topic =
                store.catalog().topic(name).orElseThrow(() -> Problems.notFound("There is no topic '" + name + "'."));
        return KeptTopicView.of(topic, store);
    }

    /// A topic at one moment.
    public record KeptTopicView(String name, String id, long bytes, List<KeptPartitionView> partitions) {

        public KeptTopicView {
            partitions = List.copyOf(partitions);
        }

        static KeptTopicView of(Topic topic, LogStore store) {
            List<KeptPartitionView> partitions = new ArrayList<>();
            long bytes = 0;
            for (int i = 0; i < topic.partitionCount(); i++) {
                PartitionId id = new PartitionId(topic.id(), i);
                long partitionBytes = store.sizeInBytes(id).orElse(0);
                bytes += partitionBytes;
                store.watermarks(id)
                        .map(seen -> new KeptPartitionView(
                                id.partition(), seen.logStartOffset(), seen.highWatermark(), partitionBytes))
                        .ifPresent(partitions::add);
            }
            return new KeptTopicView(topic.name(), topic.id().toString(), bytes, partitions);
        }
    }

    /// One partition.
    ///
    /// @param bytes of its record batches
    public record KeptPartitionView(int partition, long logStartOffset, long highWatermark, long bytes) {}
}
