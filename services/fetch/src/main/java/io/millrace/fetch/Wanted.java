package io.millrace.fetch;

import io.millrace.runtime.rest.Problems;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jspecify.annotations.Nullable;

/// What a question over REST asks for: a partition, and where in it to begin.
///
/// Threads: immutable. Errors: a problem when the parameters do not fit.
record Wanted(
        @PathParam("topic") String topic,
        @PathParam("partition") int partition,

        @Parameter(description = "The first offset wanted; with nothing else given, the oldest record's")
        @QueryParam("offset")
        @Nullable
        Long offset,

        @Parameter(description = "Instead: the first record with this timestamp (ms) or a later one")
        @QueryParam("timestamp")
        @Nullable
        Long timestamp,

        @Parameter(description = "Instead: so many offsets before the end") @QueryParam("last") @Nullable
        Long last) {

    /// Empty if the question does not say.
    Optional<ReadFrom> from() {
        boolean isNegative = partition < 0
                || Stream.of(Optional.ofNullable(offset), Optional.ofNullable(timestamp), Optional.ofNullable(last))
                        .flatMap(Optional::stream)
                        .anyMatch(number -> number < 0);
        if (isNegative) {
            throw Problems.invalid("partition, offset, timestamp and last are not negative.");
        }
        List<ReadFrom> given = Stream.<Optional<ReadFrom>>of(
                        Optional.ofNullable(offset).map(ReadFrom.Offset::new),
                        Optional.ofNullable(timestamp).map(ReadFrom.Timestamp::new),
                        Optional.ofNullable(last).map(ReadFrom.Last::new))
                .flatMap(Optional::stream)
                .toList();
        if (given.size() > 1) {
            throw Problems.invalid("Only one of offset, timestamp and last says where to begin.");
        }
        return given.stream().findFirst();
    }
}
