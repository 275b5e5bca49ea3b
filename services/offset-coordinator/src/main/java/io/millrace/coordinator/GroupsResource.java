package io.millrace.coordinator;

import io.millrace.api.CallFailedException;
import io.millrace.api.feed.CatalogView;
import io.millrace.api.http.StoreClient;
import io.millrace.coordinator.GroupViews.GroupLine;
import io.millrace.coordinator.GroupViews.GroupList;
import io.millrace.coordinator.GroupViews.GroupView;
import io.millrace.coordinator.GroupViews.NewOffset;
import io.millrace.coordinator.GroupViews.OffsetList;
import io.millrace.coordinator.GroupViews.ResetRequest;
import io.millrace.coordinator.GroupViews.ResetResult;
import io.millrace.coordinator.kafka.CommittedOffset;
import io.millrace.coordinator.kafka.GroupAdmin;
import io.millrace.coordinator.kafka.GroupAnswer;
import io.millrace.model.Topic;
import io.millrace.runtime.events.ServiceEvent;
import io.millrace.runtime.events.ServiceEvents;
import io.millrace.runtime.rest.Problems;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// Consumer groups and their offsets, for people and scripts.
@Path("/api/v1/groups")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "groups")
final class GroupsResource {

    private final CoordinatorNode node;
    private final CatalogView catalog;
    private final PartitionEnds ends;
    private final OffsetReset reset;
    private final ServiceEvents events;

    GroupsResource(CoordinatorNode node, CatalogView catalog, StoreClient store, ServiceEvents events) {
        this.node = node;
        this.catalog = catalog;
        this.events = events;
        ends = new PartitionEnds(catalog, store);
        reset = new OffsetReset(store);
    }

    @GET
    @Operation(summary = "All groups, with their state")
    public Uni<GroupList> list() {
        return admin().list()
                .map(answer -> new GroupList(given(answer).stream()
                        .map(GroupLine::of)
                        .sorted(Comparator.comparing(GroupLine::groupId))
                        .toList()));
    }

    @GET
    @Path("{group}")
    @Operation(summary = "One group: state, members, their partitions, and the lag of each partition")
    public Uni<GroupView> describe(@PathParam("group") String group) {
        GroupAdmin admin = admin();
        return admin.describe(group)
                .map(GroupsResource::given)
                .flatMap(description -> admin.offsets(group)
                        .flatMap(committed -> ends.beside(given(committed)))
                        .map(offsets -> GroupView.of(description, offsets)));
    }

    @DELETE
    @Path("{group}")
    @Operation(summary = "Deletes a group that has no members, and its offsets")
    public Uni<Void> delete(@PathParam("group") String group) {
        return admin().delete(group)
                .map(GroupsResource::given)
                .invoke(deleted -> events.publish(ServiceEvent.audit("group.deleted", Map.of("group", deleted))))
                .replaceWithVoid();
    }

    @GET
    @Path("{group}/offsets")
    @Operation(summary = "What the group has committed, and its lag")
    public Uni<OffsetList> offsets(@PathParam("group") String group) {
        GroupAdmin admin = admin();
        return admin.describe(group)
                .map(GroupsResource::given)
                .flatMap(known -> admin.offsets(group))
                .flatMap(committed -> ends.beside(given(committed)))
                .map(offsets -> new OffsetList(group, offsets));
    }

    @POST
    @Path("{group}/offsets/reset")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Sets the group's offsets of a topic: earliest, latest, an offset or a timestamp",
            description = "Refused with 409 while the group has members, as Kafka does. A group that does not exist"
                    + " is created. With dryRun nothing is changed.")
    public Uni<ResetResult> reset(@PathParam("group") String group, @Nullable ResetRequest request) {
        if (request == null || request.topic() == null || request.topic().isEmpty()) {
            throw Problems.invalid("The body must name a 'topic'.");
        }
        GroupAdmin admin = admin();
        String topicName = request.topic();
        boolean isDryRun = Boolean.TRUE.equals(request.dryRun());
        return catalog.find(topicName)
                .onFailure(CallFailedException.class)
                .transform(failure -> Problems.unavailable(String.valueOf(failure.getMessage())))
                .map(topic -> topic.orElseThrow(() -> Problems.notFound("There is no topic " + topicName + ".")))
                .flatMap((Topic topic) -> reset.targets(request, topic))
                .flatMap(targets -> isDryRun
                        ? Uni.createFrom().item(targets)
                        : admin.reset(group, targets)
                                .map(GroupsResource::given)
                                .invoke(done -> tellReset(group, topicName, done)))
                .map(done -> new ResetResult(group, isDryRun, newOffsets(done)));
    }

    private void tellReset(String group, String topic, List<CommittedOffset> offsets) {
        events.publish(ServiceEvent.audit(
                "group.offsets.reset",
                Map.of("group", group, "topic", topic, "partitions", Integer.toString(offsets.size()))));
    }

    private static List<NewOffset> newOffsets(List<CommittedOffset> offsets) {
        return offsets.stream()
                .map(offset -> new NewOffset(offset.topic(), offset.partition(), offset.offset()))
                .toList();
    }

    private GroupAdmin admin() {
        return switch (node.state()) {
            case NodeState.Serving serving -> new GroupAdmin(serving.coordinator());
            case NodeState.WithoutShards without -> throw Problems.unavailable(without.message());
            case NodeState.Refused refused -> throw Problems.unavailable(refused.message());
            case NodeState.Starting _, NodeState.AwaitingCatalog _, NodeState.Stopped _ ->
                throw Problems.unavailable("No catalog has come from wal-store yet.");
        };
    }

    private static <T> T given(GroupAnswer<T> answer) {
        return switch (answer) {
            case GroupAnswer.Given<T> given -> given.value();
            case GroupAnswer.Refused<T> refused ->
                throw switch (refused.reason()) {
                    case NO_SUCH_GROUP -> Problems.notFound(refused.message());
                    case HAS_MEMBERS -> Problems.conflict(refused.message());
                    case INVALID -> Problems.invalid(refused.message());
                    case UNAVAILABLE -> Problems.unavailable(refused.message());
                };
        };
    }
}
