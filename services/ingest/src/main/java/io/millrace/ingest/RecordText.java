package io.millrace.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.runtime.rest.Problems;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads the bytes of keys and values from JSON.
///
/// Threads: any. Errors: what does not have the format is a 400.
@ApplicationScoped
final class RecordText {

    private final ObjectMapper json;

    RecordText(ObjectMapper json) {
        this.json = json;
    }

    /// How bytes are written in a request.
    enum Format {
        TEXT,
        BASE64,
        JSON;

        static Optional<Format> of(String name) {
            for (Format format : values()) {
                if (format.name().toLowerCase(Locale.ROOT).equals(name)) {
                    return Optional.of(format);
                }
            }
            return Optional.empty();
        }
    }

    /// The bytes that are meant; none for null.
    ///
    /// @param what names the value for the problem
    Optional<ByteBuffer> read(@Nullable Object given, Format format, String what) {
        if (given == null) {
            return Optional.empty();
        }
        byte[] bytes = switch (format) {
            case JSON -> json(given, what);
            case TEXT -> string(given, what).getBytes(StandardCharsets.UTF_8);
            case BASE64 -> base64(string(given, what), what);
        };
        return Optional.of(ByteBuffer.wrap(bytes));
    }

    private byte[] json(Object given, String what) {
        try {
            return json.writeValueAsBytes(given);
        } catch (JsonProcessingException e) {
            throw Problems.invalid("Cannot be written as JSON: " + what + ": " + e.getOriginalMessage());
        }
    }

    private static String string(Object given, String what) {
        if (given instanceof String string) {
            return string;
        }
        throw Problems.invalid("Must be a string: " + what + "; or say format=json.");
    }

    private static byte[] base64(String given, String what) {
        try {
            return Base64.getDecoder().decode(given);
        } catch (IllegalArgumentException e) {
            throw Problems.invalid("Is no base64: " + what + ".");
        }
    }
}
