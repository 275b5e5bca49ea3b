package io.millrace.ingest;

import io.millrace.ingest.RecordText.Format;
import io.millrace.ingest.kafka.RecordProducer;
import io.millrace.ingest.kafka.RecordProducer.Draft;
import io.millrace.ingest.kafka.RecordProducer.Placed;
import io.millrace.kafka.wire.PlainRecord;
import io.millrace.kafka.wire.PlainRecord.PlainHeader;
import io.millrace.model.AppendOutcome;
import io.millrace.model.Topic;
import io.millrace.runtime.rest.Problem;
import io.millrace.runtime.rest.ProblemException;
import io.millrace.runtime.rest.Problems;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// Takes records from people and scripts.
@Path("/api/v1/topics/{topic}/records")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "records")
final class RecordsResource {

    private final TopicLookUp topics;
    private final RecordProducer producer;
    private final RecordText text;
    private final IngestSettings settings;
    private final Clock clock;

    RecordsResource(
            TopicLookUp topics, RecordProducer producer, RecordText text, IngestSettings settings, Clock clock) {
        this.topics = topics;
        this.producer = producer;
        this.text = text;
        this.settings = settings;
        this.clock = clock;
    }

    @POST
    @Blocking
    @RecordsGate.Guarded
    @Operation(
            summary = "Append records to a topic",
            description =
                    "Answered when the records are on disk. A record goes to the partition that it names, else to the "
                            + "one that Kafka's producers pick for its key, else to any. If only some of the records were "
                            + "written, the answer says which.")
    @APIResponse(responseCode = "200", description = "Where each record was written, in the order of the request")
    @APIResponse(
            responseCode = "400",
            description = "The body, a record or a partition does not fit",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(responseCode = "404", description = "There is no such topic")
    @APIResponse(responseCode = "413", description = "A record is larger than the topic accepts")
    @APIResponse(
            responseCode = "503",
            description = "wal-store does not answer, its disk is full, or this instance has enough to do")
    public Uni<RecordsWritten> produce(
            @PathParam("topic") String topic,
            @Parameter(description = "How keys, values and header values are written: text, base64 or json")
                    @QueryParam("format")
                    @DefaultValue("text")
                    String format,
            @Nullable NewRecords body) {
        Format given = Format.of(format).orElseThrow(() -> Problems.invalid("format is text, base64 or json."));
        List<Draft> drafts = drafts(body, given);
        return topics.find(topic).chain(found -> produce(found, drafts));
    }

    private Uni<RecordsWritten> produce(Topic topic, List<Draft> drafts) {
        for (Draft draft : drafts) {
            int partition = draft.partition().orElse(0);
            if (partition < 0 || partition >= topic.partitionCount()) {
                throw Problems.invalid("Topic " + topic.name() + " has no partition " + partition + ".");
            }
        }
        return producer.produce(topic, drafts).map(places -> written(topic, places));
    }

    private List<Draft> drafts(@Nullable NewRecords body, Format format) {
        if (body == null || body.records() == null || body.records().isEmpty()) {
            throw Problems.invalid("The body has at least one record: {\"records\": [{\"value\": \"...\"}]}.");
        }
        if (body.records().size() > settings.rest().recordsMax()) {
            throw Problems.tooLarge("A request has at most " + settings.rest().recordsMax() + " records.");
        }
        List<Draft> drafts = new ArrayList<>();
        for (int i = 0; i < body.records().size(); i++) {
            drafts.add(draft(body.records().get(i), format, "record " + i));
        }
        return drafts;
    }

    private Draft draft(@Nullable NewRecord record, Format format, String where) {
        if (record == null) {
            throw Problems.invalid(where + " is null.");
        }
        List<PlainHeader> headers = new ArrayList<>();
        for (NewHeader header : record.headers() == null ? List.<NewHeader>of() : record.headers()) {
            if (header == null || header.name() == null) {
                throw Problems.invalid("A header of " + where + " has no name.");
            }
            headers.add(
                    new PlainHeader(header.name(), text.read(header.value(), format, "a header's value of " + where)));
        }
        if (record.timestamp() != null && record.timestamp() < 0) {
            throw Problems.invalid("The timestamp of " + where + " is negative.");
        }
        PlainRecord plain = new PlainRecord(
                0,
                record.timestamp() == null ? clock.millis() : record.timestamp(),
                text.read(record.key(), format, "the key of " + where),
                text.read(record.value(), format, "the value of " + where),
                headers);
        return new Draft(plain, record.partition() == null ? OptionalInt.empty() : OptionalInt.of(record.partition()));
    }

    /// Where the records are; if none was written, the problem that the first one met.
    private static RecordsWritten written(Topic topic, List<Placed> places) {
        List<RecordWritten> written = new ArrayList<>();
        boolean isAnyWritten = false;
        for (Placed placed : places) {
            RecordWritten record = switch (placed.outcome()) {
                case AppendOutcome.Appended appended ->
                    new RecordWritten(placed.partition(), appended.baseOffset() + placed.index(), null);
                case AppendOutcome.Duplicate duplicate ->
                    new RecordWritten(placed.partition(), duplicate.baseOffset() + placed.index(), null);
                case AppendOutcome.Refused refused -> new RecordWritten(placed.partition(), null, refused.message());
                case AppendOutcome.Unknown unknown -> new RecordWritten(placed.partition(), null, unknown.message());
            };
            isAnyWritten |= record.offset() != null;
            written.add(record);
        }
        if (!isAnyWritten) {
            throw problem(places.getFirst().outcome());
        }
        return new RecordsWritten(topic.name(), written);
    }

    private static ProblemException problem(AppendOutcome outcome) {
        return switch (outcome) {
            case AppendOutcome.Refused refused -> Problems.refused(refused.refusal(), refused.message());
            case AppendOutcome.Unknown unknown -> Problems.unknown(unknown.message());
            case AppendOutcome.Appended other -> throw new IllegalStateException("Broken invariant: written " + other);
            case AppendOutcome.Duplicate other -> throw new IllegalStateException("Broken invariant: written " + other);
        };
    }

    /// The body of a request.
    public record NewRecords(@Nullable List<@Nullable NewRecord> records) {}

    /// A record to be written.
    ///
    /// @param key a string, or any JSON if the format is json; null for none
    /// @param value likewise
    /// @param partition null to have one picked
    /// @param timestamp in milliseconds since the epoch; null for now
    public record NewRecord(
            @Nullable Object key,
            @Nullable Object value,
            @Nullable Integer partition,
            @Nullable Long timestamp,
            @Nullable List<@Nullable NewHeader> headers) {}

    /// A header of a record to be written.
    public record NewHeader(@Nullable String name, @Nullable Object value) {}

    /// The answer, one entry for each record of the request.
    public record RecordsWritten(String topic, List<RecordWritten> records) {
        public RecordsWritten {
            records = List.copyOf(records);
        }
    }

    /// Where one record is.
    ///
    /// @param offset null if it was not written, or nobody knows
    /// @param error why
    public record RecordWritten(
            int partition, @Nullable Long offset, @Nullable String error) {}
}
