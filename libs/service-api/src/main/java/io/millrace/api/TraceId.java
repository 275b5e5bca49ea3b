package io.millrace.api;

import java.util.Optional;

/// The id that follows one request through the services.
///
/// Threads: immutable. Source: W3C Trace Context, field trace-id (16 bytes, not all zero).
public record TraceId(long mostSignificantBits, long leastSignificantBits) {

    /// The HTTP header that carries it.
    public static final String HEADER = "traceparent";

    private static final int HEADER_CHARS = 55;
    private static final int ID_START = 3;
    private static final int ID_MIDDLE = 19;
    private static final int ID_END = 35;

    /// Reads the id out of a `traceparent` header; empty when the header is not well-formed.
    public static Optional<TraceId> ofHeader(String header) {
        if (header.length() != HEADER_CHARS || header.charAt(2) != '-' || header.charAt(ID_END) != '-') {
            return Optional.empty();
        }
        try {
            TraceId id = new TraceId(
                    Long.parseUnsignedLong(header, ID_START, ID_MIDDLE, 16),
                    Long.parseUnsignedLong(header, ID_MIDDLE, ID_END, 16));
            return id.mostSignificantBits == 0 && id.leastSignificantBits == 0 ? Optional.empty() : Optional.of(id);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /// The header for the next service; the lower half of the id stands for the span, since each hop is one call.
    public String header() {
        long span = leastSignificantBits == 0 ? 1 : leastSignificantBits;
        return String.format("00-%s-%016x-01", this, span);
    }

    @Override
    public String toString() {
        return String.format("%016x%016x", mostSignificantBits, leastSignificantBits);
    }
}
