package io.millrace.fetch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.runtime.rest.Problems;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/// Writes bytes of keys and values into JSON.
///
/// Threads: any. Errors: bytes that do not have the format are a 409, never replaced by other text.
@ApplicationScoped
final class RecordText {

    private final ObjectMapper json;

    RecordText(ObjectMapper json) {
        this.json = json;
    }

    /// How bytes appear in an answer.
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

    /// The bytes in the format.
    ///
    /// @param what names the bytes for the problem
    Object write(ByteBuffer bytes, Format format, String what) {
        return switch (format) {
            case TEXT -> text(bytes, what);
            case BASE64 ->
                StandardCharsets.ISO_8859_1
                        .decode(Base64.getEncoder().encode(bytes.duplicate()))
                        .toString();
            case JSON -> tree(bytes, what);
        };
    }

    private Object tree(ByteBuffer bytes, String what) {
        try {
            return json.readTree(text(bytes, what));
        } catch (JsonProcessingException e) {
            throw Problems.conflict("In JSON format cannot be written: " + what + ", which is no JSON.");
        }
    }

    private static String text(ByteBuffer bytes, String what) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.duplicate()).toString();
        } catch (CharacterCodingException e) {
            throw Problems.conflict("As text cannot be written: " + what + ", which is no UTF-8; ask for base64.");
        }
    }
}
