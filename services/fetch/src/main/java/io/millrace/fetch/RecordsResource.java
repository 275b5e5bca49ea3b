package io.millrace.fetch;

import io.millrace.fetch.RecordText.Format;
import io.millrace.kafka.wire.PlainRecord;
import io.millrace.runtime.rest.Problem;
import io.millrace.runtime.rest.Problems;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.OptionalLong;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// A partition's records, for people and scripts.
@Path("/api/v1/topics/{topic}/partitions/{partition}/records")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "records")
final class RecordsResource {

    private static final String DEFAULT_LIMIT = "100";

    private final PartitionRecords records;
    private final FetchServiceSettings settings;
    private final RecordText text;

    RecordsResource(PartitionRecords records, FetchServiceSettings settings, RecordText text) {
        this.records = records;
        this.settings = settings;
        this.text = text;
    }

    @GET
    @NonBlocking
    @Operation(
            summary = "Records of a partition from an offset on",
            description = "Each answer is complete in itself: ask again with nextOffset for what follows.")
    @APIResponse(responseCode = "200", description = "Records in order; none if there is nothing at the offset yet")
    @APIResponse(
            responseCode = "400",
            description = "The offset lies outside the log, or a parameter does not fit",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(responseCode = "404", description = "There is no such topic or partition")
    @APIResponse(responseCode = "409", description = "A key or value does not have the format asked for")
    @APIResponse(responseCode = "503", description = "wal-store does not answer")
    public Uni<RecordsView> records(
            @PathParam("topic") String topic,
            @PathParam("partition") int partition,
            @Parameter(description = "The first offset wanted; without it, the oldest record's")
                    @QueryParam("offset")
                    @Nullable
                    Long offset,
            @Parameter(description = "How many records at most") @QueryParam("limit") @DefaultValue(DEFAULT_LIMIT)
                    int limit,
            @Parameter(description = "text, base64 or json") @QueryParam("format") @DefaultValue("text")
                    String format) {
        Format wanted = Format.of(format).orElseThrow(() -> Problems.invalid("format is text, base64 or json."));
        if (partition < 0 || limit < 1 || (offset != null && offset < 0)) {
            throw Problems.invalid("partition and offset are not negative, and limit is at least 1.");
        }
        OptionalLong start = offset == null ? OptionalLong.empty() : OptionalLong.of(offset);
        return records.page(topic, partition, start, Math.min(limit, settings.restRecordsMax()))
                .emitOn(Infrastructure.getDefaultWorkerPool())
                .map(page -> view(topic, partition, page, wanted));
    }

    private RecordsView view(String topic, int partition, PartitionRecords.Page page, Format format) {
        List<RecordView> views =
                page.records().stream().map(record -> view(record, format)).toList();
        return new RecordsView(
                topic,
                partition,
                views,
                page.nextOffset(),
                page.watermarks().logStartOffset(),
                page.watermarks().highWatermark());
    }

    private RecordView view(PlainRecord record, Format format) {
        String place = "offset " + record.offset();
        List<HeaderView> headers = record.headers().stream()
                .map(header -> new HeaderView(
                        header.name(),
                        header.value()
                                .map(value -> text.write(value, format, "a header's value at " + place))
                                .orElse(null)))
                .toList();
        return new RecordView(
                record.offset(),
                record.timestampMillis(),
                record.key()
                        .map(key -> text.write(key, format, "the key at " + place))
                        .orElse(null),
                record.value()
                        .map(value -> text.write(value, format, "the value at " + place))
                        .orElse(null),
                headers);
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

    /// One record.
    ///
    /// @param key a string, or any JSON if JSON was asked for; null if the record has none
    /// @param value likewise
    public record RecordView(
            long offset,
            long timestamp,
            @Nullable Object key,
            @Nullable Object value,
            List<HeaderView> headers) {
        public RecordView {
            headers = List.copyOf(headers);
        }
    }

    /// One header of a record.
    public record HeaderView(String name, @Nullable Object value) {}
}
