package io.millrace.fetch;

import io.millrace.fetch.RecordText.Format;
import io.millrace.fetch.RecordViews.RecordView;
import io.millrace.runtime.rest.Problem;
import io.millrace.runtime.rest.Problems;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// A partition's records, for people and scripts; nothing is kept from one question to the next.
@Path("/api/v1/topics/{topic}/partitions/{partition}/records")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "records")
final class RecordsResource {

    private static final String DEFAULT_LIMIT = "100";

    private final PartitionRecords records;
    private final RecordStreams streams;
    private final FetchServiceSettings settings;
    private final RecordViews views;

    RecordsResource(PartitionRecords records, RecordStreams streams, FetchServiceSettings settings, RecordViews views) {
        this.records = records;
        this.streams = streams;
        this.settings = settings;
        this.views = views;
    }

    @GET
    @NonBlocking
    @Operation(
            summary = "Records of a partition, from an offset or a timestamp on, or the last ones",
            description = "Each answer is complete in itself: ask again with nextOffset for what follows.")
    @APIResponse(responseCode = "200", description = "Records in order; none if there is nothing yet")
    @APIResponse(
            responseCode = "400",
            description = "The offset lies outside the log, or a parameter does not fit",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(responseCode = "404", description = "There is no such topic or partition")
    @APIResponse(responseCode = "409", description = "A key or value does not have the format asked for")
    @APIResponse(responseCode = "503", description = "wal-store does not answer")
    public Uni<RecordsView> records(
            @BeanParam Wanted where,
            @Parameter(description = "How many records at most") @QueryParam("limit") @DefaultValue(DEFAULT_LIMIT)
                    int limit,
            @Parameter(description = "text, base64 or json") @QueryParam("format") @DefaultValue("text")
                    String format) {
        Format wanted = format(format);
        ReadFrom from = where.from().orElseGet(ReadFrom.Beginning::new);
        if (limit < 1) {
            throw Problems.invalid("limit is at least 1.");
        }
        return records.page(where.topic(), where.partition(), from, Math.min(limit, settings.restRecordsMax()))
                .map(page -> view(where, page, wanted));
    }

    @GET
    @NonBlocking
    @Path("/live")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @Operation(
            summary = "Records of a partition as they come, as server-sent events",
            description =
                    "Without an offset, what comes from now on. Each event is a record, with its offset as the event's id; a client that comes back with "
                            + "Last-Event-ID goes on behind it, at any instance.")
    @APIResponse(responseCode = "200", description = "A stream without an end")
    @APIResponse(responseCode = "400", description = "A parameter does not fit")
    @APIResponse(responseCode = "404", description = "There is no such topic or partition")
    @APIResponse(responseCode = "503", description = "Too many streams are open, or wal-store does not answer")
    public Multi<OutboundSseEvent> live(
            @BeanParam Wanted where,
            @Parameter(description = "text, base64 or json") @QueryParam("format") @DefaultValue("text") String format,
            @HeaderParam("Last-Event-ID") @Nullable Long lastEventId,
            @Context Sse sse) {
        Format wanted = format(format);
        ReadFrom asked = where.from().orElseGet(ReadFrom.End::new);
        ReadFrom from = lastEventId == null ? asked : new ReadFrom.Offset(lastEventId + 1);
        return streams.open(where.topic(), where.partition(), from)
                .map(each -> each.map(record -> views.of(record, wanted))
                        .map(view -> event(sse, view))
                        // Tells a client that is gone from one that is quiet.
                        .orElseGet(() -> sse.newEventBuilder().comment("").build()));
    }

    private static OutboundSseEvent event(Sse sse, RecordView view) {
        return sse.newEventBuilder()
                .id(Long.toString(view.offset()))
                .mediaType(MediaType.APPLICATION_JSON_TYPE)
                .data(view)
                .build();
    }

    private static Format format(String name) {
        return Format.of(name).orElseThrow(() -> Problems.invalid("format is text, base64 or json."));
    }

    private RecordsView view(Wanted where, PartitionRecords.Page page, Format format) {
        List<RecordView> shown =
                page.records().stream().map(record -> views.of(record, format)).toList();
        return new RecordsView(
                where.topic(),
                where.partition(),
                shown,
                page.nextOffset(),
                page.watermarks().logStartOffset(),
                page.watermarks().highWatermark());
    }

    /// A page of records.
    ///
    /// @param nextOffset where the next page begins
    public record RecordsView(
            String topic,
            int partition,
            List<RecordView> records,
            long nextOffset,
            long logStartOffset,
            long highWatermark) {
        public RecordsView {
            records = List.copyOf(records);
        }
    }
}
