package io.millrace.coordinator;

import io.millrace.api.CallFailedException;
import io.millrace.api.feed.CatalogView;
import io.millrace.api.http.StoreClient;
import io.millrace.coordinator.GroupViews.NewOffset;
import io.millrace.coordinator.GroupViews.OffsetList;
import io.millrace.coordinator.GroupViews.OffsetSetting;
import io.millrace.coordinator.GroupViews.ResetRequest;
import io.millrace.coordinator.GroupViews.ResetResult;
import io.millrace.coordinator.GroupViews.SetRequest;
import io.millrace.coordinator.kafka.CommittedOffset;
import io.millrace.coordinator.kafka.GroupAdmin;
import io.millrace.model.Catalog;
import io.millrace.model.Topic;
import io.millrace.runtime.events.ServiceEvent;
import io.millrace.runtime.events.ServiceEvents;
import io.millrace.runtime.rest.Problems;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// The committed offsets of a group.
@Path("/api/v1/groups/{group}/offsets")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "groups")
final class GroupOffsetsResource {

    private final GroupAccess groups;
    private final CatalogView catalog;
    private final GroupLags lags;
    private final OffsetReset reset;
    private final ServiceEvents events;

    GroupOffsetsResource(
            GroupAccess groups, CatalogView catalog, StoreClient store, GroupLags lags, ServiceEvents events) {
        this.groups = groups;
        this.catalog = catalog;
        this.lags = lags;
        this.events = events;
        reset = new OffsetReset(store);
    }

    @GET
    @Operation(
            summary = "What the group has committed, and its lag",
            description = "Without what it committed for a topic that was deleted, also if another has its name now.")
    public Uni<OffsetList> offsets(@PathParam("group") String group) {
        GroupAdmin admin = groups.admin();
        return admin.describe(group)
                .map(GroupAccess::given)
                .flatMap(known -> admin.offsets(group))
                .flatMap(committed -> lags.beside(GroupAccess.given(committed)))
                .map(offsets -> new OffsetList(group, offsets));
    }

    @PUT
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Sets offsets of the group, exactly as given",
            description = "Refused with 409 while the group has members. A group that does not exist is created. All of"
                    + " it is done, or nothing.")
    public Uni<ResetResult> set(@PathParam("group") String group, @Nullable SetRequest request) {
        if (request == null || request.offsets().isEmpty()) {
            throw Problems.invalid("The body must have 'offsets', at least one.");
        }
        Catalog known = catalog.catalog();
        List<CommittedOffset> offsets = new ArrayList<>();
        for (OffsetSetting setting : request.offsets()) {
            offsets.add(checked(known, setting));
        }
        return groups.admin()
                .reset(group, offsets, known::topic)
                .map(GroupAccess::given)
                .invoke(done -> tell("group.offsets.set", group, done))
                .map(done -> new ResetResult(group, false, newOffsets(done)));
    }

    private static CommittedOffset checked(Catalog known, OffsetSetting setting) {
        Topic topic = known.topic(String.valueOf(setting.topic()))
                .orElseThrow(() -> Problems.notFound("There is no topic " + setting.topic() + "."));
        if (setting.partition() < 0 || setting.partition() >= topic.partitionCount()) {
            throw Problems.invalid("Topic " + topic.name() + " has no partition " + setting.partition() + ".");
        }
        if (setting.offset() < 0) {
            throw Problems.invalid("An offset is 0 or more, not " + setting.offset() + ".");
        }
        String metadata = setting.metadata();
        return new CommittedOffset(
                topic.name(), setting.partition(), setting.offset(), metadata == null ? "" : metadata);
    }

    @DELETE
    @Operation(
            summary = "Forgets the group's offsets of a topic, or of one of its partitions",
            description = "Refused with 409 while a member has subscribed to the topic.")
    public Uni<Void> delete(
            @PathParam("group") String group,
            @QueryParam("topic") @Nullable String topicName,
            @QueryParam("partition") @Nullable Integer partition) {
        if (topicName == null || topicName.isEmpty()) {
            throw Problems.invalid("The parameter 'topic' must name a topic.");
        }
        return topic(topicName)
                .map(topic -> partition == null
                        ? IntStream.range(0, topic.partitionCount()).boxed().toList()
                        : List.of(partition))
                .flatMap(partitions -> groups.admin().deleteOffsets(group, topicName, partitions))
                .map(GroupAccess::given)
                .invoke(done -> events.publish(ServiceEvent.audit(
                        "group.offsets.deleted",
                        Map.of("group", group, "topic", topicName, "partitions", Integer.toString(done.size())))))
                .replaceWithVoid();
    }

    @POST
    @Path("reset")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Moves the group's offsets of a topic: earliest, latest, an offset, a timestamp or a shift",
            description = "Refused with 409 while the group has members, as Kafka does. A group that does not exist"
                    + " is created. With dryRun nothing is changed.")
    public Uni<ResetResult> reset(@PathParam("group") String group, @Nullable ResetRequest request) {
        if (request == null || request.topic() == null || request.topic().isEmpty()) {
            throw Problems.invalid("The body must name a 'topic'.");
        }
        GroupAdmin admin = groups.admin();
        boolean isDryRun = Boolean.TRUE.equals(request.dryRun());
        return topic(request.topic())
                .flatMap((Topic topic) -> committed(admin, group, request)
                        .flatMap(committed -> reset.targets(request, topic, committed))
                        .flatMap(targets -> isDryRun
                                ? Uni.createFrom().item(targets)
                                : admin.reset(group, targets, _ -> Optional.of(topic))
                                        .map(GroupAccess::given)
                                        .invoke(done -> tell("group.offsets.reset", group, done))))
                .map(done -> new ResetResult(group, isDryRun, newOffsets(done)));
    }

    private Uni<Topic> topic(String name) {
        return catalog.find(name)
                .onFailure(CallFailedException.class)
                .transform(failure -> Problems.unavailable(String.valueOf(failure.getMessage())))
                .map(topic -> topic.orElseThrow(() -> Problems.notFound("There is no topic " + name + ".")));
    }

    /// Only a shift begins at what was committed.
    private static Uni<List<CommittedOffset>> committed(GroupAdmin admin, String group, ResetRequest request) {
        return OffsetReset.SHIFT.equals(request.to())
                ? admin.offsets(group).map(GroupAccess::given)
                : Uni.createFrom().item(List.of());
    }

    private void tell(String what, String group, List<CommittedOffset> offsets) {
        events.publish(ServiceEvent.audit(
                what,
                Map.of(
                        "group", group,
                        "topics",
                                Long.toString(offsets.stream()
                                        .map(CommittedOffset::topic)
                                        .distinct()
                                        .count()),
                        "partitions", Integer.toString(offsets.size()))));
    }

    private static List<NewOffset> newOffsets(List<CommittedOffset> offsets) {
        return offsets.stream()
                .map(offset -> new NewOffset(offset.topic(), offset.partition(), offset.offset()))
                .toList();
    }
}
