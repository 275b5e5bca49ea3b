package io.millrace.coordinator;

import io.millrace.coordinator.GroupViews.GroupLine;
import io.millrace.coordinator.GroupViews.GroupList;
import io.millrace.coordinator.GroupViews.GroupView;
import io.millrace.coordinator.kafka.GroupAdmin;
import io.millrace.runtime.events.ServiceEvent;
import io.millrace.runtime.events.ServiceEvents;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Comparator;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/// Groups, for people and scripts.
@Path("/api/v1/groups")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "groups")
final class GroupsResource {

    private final GroupAccess groups;
    private final GroupLags lags;
    private final ServiceEvents events;

    GroupsResource(GroupAccess groups, GroupLags lags, ServiceEvents events) {
        this.groups = groups;
        this.lags = lags;
        this.events = events;
    }

    @GET
    @Operation(summary = "All groups, with their state")
    public Uni<GroupList> list() {
        return groups.admin()
                .list()
                .map(answer -> new GroupList(GroupAccess.given(answer).stream()
                        .map(GroupLine::of)
                        .sorted(Comparator.comparing(GroupLine::groupId))
                        .toList()));
    }

    @GET
    @Path("{group}")
    @Operation(summary = "One group: state, members, their partitions, and the lag of each partition")
    public Uni<GroupView> describe(@PathParam("group") String group) {
        GroupAdmin admin = groups.admin();
        return admin.describe(group)
                .map(GroupAccess::given)
                .flatMap(description -> admin.offsets(group)
                        .flatMap(committed -> lags.beside(GroupAccess.given(committed)))
                        .map(offsets -> GroupView.of(description, offsets)));
    }

    @DELETE
    @Path("{group}")
    @Operation(summary = "Deletes a group that has no members, and its offsets")
    public Uni<Void> delete(@PathParam("group") String group) {
        return groups.admin()
                .delete(group)
                .map(GroupAccess::given)
                .invoke(deleted -> events.publish(ServiceEvent.audit("group.deleted", Map.of("group", deleted))))
                .replaceWithVoid();
    }
}
