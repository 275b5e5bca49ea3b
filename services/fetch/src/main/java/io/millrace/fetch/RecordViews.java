package io.millrace.fetch;

import io.millrace.fetch.RecordText.Format;
import io.millrace.kafka.wire.PlainRecord;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Records as JSON shows them.
///
/// Threads: any; writing text costs CPU in proportion to the record.
@ApplicationScoped
final class RecordViews {

    private final RecordText text;

    RecordViews(RecordText text) {
        this.text = text;
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

    RecordView of(PlainRecord record, Format format) {
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
}
