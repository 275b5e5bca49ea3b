package io.millrace.walstore;

import io.millrace.runtime.rest.Problems;
import io.millrace.store.LogStore;
import io.millrace.store.Scrub;
import io.millrace.walstore.ScrubViews.ScrubView;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/// The look at what lies on the disk: begun, watched and cancelled.
@Path("/api/v1/wal/scrub")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "wal")
final class ScrubResource {

    private final StoreOwner owner;
    private final WalStoreSettings settings;

    ScrubResource(StoreOwner owner, WalStoreSettings settings) {
        this.owner = owner;
        this.settings = settings;
    }

    @GET
    @Operation(
            summary = "How far the last scrub is, and what it found",
            description = "503 while the log is being recovered.")
    public ScrubView status() {
        LogStore store = store();
        return ScrubView.of(store.scrub().status(), store.catalog());
    }

    @POST
    @Blocking
    @Operation(
            summary = "Begin a scrub",
            description =
                    "It compares what lies on the disk with its checksums and changes nothing. With the scope 'sample'"
                            + " it looks at all footers and at as much of the rest as the one at each start does.")
    @APIResponse(responseCode = "202", description = "It has begun")
    @APIResponse(responseCode = "409", description = "One runs already")
    @APIResponse(responseCode = "400", description = "The scope is neither 'all' nor 'sample'")
    public Response begin(@QueryParam("scope") @DefaultValue("all") String scope) {
        LogStore store = store();
        if (!begin(store.scrub(), bytesMax(scope))) {
            throw Problems.conflict("A scrub runs already; DELETE cancels it.");
        }
        return Response.accepted(ScrubView.of(store.scrub().status(), store.catalog()))
                .build();
    }

    private long bytesMax(String scope) {
        return switch (scope) {
            case "all" -> Long.MAX_VALUE;
            case "sample" -> Math.max(1, settings.scrubAtStartBytes());
            default -> throw Problems.invalid("A scope is 'all' or 'sample', not '" + scope + "'.");
        };
    }

    private static boolean begin(Scrub scrub, long bytesMax) {
        try {
            return scrub.begin(bytesMax);
        } catch (IOException e) {
            throw Problems.unavailable("The data directory cannot be listed: " + e.getMessage());
        }
    }

    @DELETE
    @Operation(summary = "Cancel the scrub that runs", description = "What it found so far stays.")
    public ScrubView cancel() {
        LogStore store = store();
        store.scrub().cancel();
        return ScrubView.of(store.scrub().status(), store.catalog());
    }

    private LogStore store() {
        return owner.store().orElseThrow(() -> Problems.unavailable(OwnerText.of(owner.state())));
    }
}
