package io.millrace.coordinator;

import io.millrace.coordinator.ShardViews.FilesView;
import io.millrace.coordinator.ShardViews.ShardList;
import io.millrace.coordinator.ShardViews.ShardView;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/// The shards onto which groups hash, their owners' epochs, and how far their logs are.
@Path("/api/v1/shards")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "shards")
final class ShardsResource {

    private final CoordinatorNode node;

    ShardsResource(CoordinatorNode node) {
        this.node = node;
    }

    @GET
    @Operation(summary = "All shards of this node: phase, epoch, positions of the log; and the files under them")
    public ShardList list() {
        var tenures = node.tenures();
        List<ShardView> shards = node.phases().entrySet().stream()
                .map(shard -> ShardView.of(shard.getKey(), shard.getValue(), tenures.get(shard.getKey())))
                .toList();
        return new ShardList(shards, node.fileUse().map(FilesView::of).orElse(null));
    }
}
