package io.millrace.kafka.wire;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/// One record by itself, for those who speak no Kafka.
///
/// Threads: immutable as long as nobody changes the bytes behind the buffers.
/// Units: the timestamp is in milliseconds since the epoch, or -1 for none.
///
/// @param offset ignored when a batch is built: the log gives it
public record PlainRecord(
        long offset,
        long timestampMillis,
        Optional<ByteBuffer> key,
        Optional<ByteBuffer> value,
        List<PlainHeader> headers) {

    public PlainRecord {
        key = key.map(ByteBuffer::asReadOnlyBuffer);
        value = value.map(ByteBuffer::asReadOnlyBuffer);
        headers = List.copyOf(headers);
    }

    /// Bytes of key, value and headers, without what the format adds.
    public int contentBytes() {
        int bytes = key.map(ByteBuffer::remaining).orElse(0)
                + value.map(ByteBuffer::remaining).orElse(0);
        for (PlainHeader header : headers) {
            bytes += header.name().length()
                    + header.value().map(ByteBuffer::remaining).orElse(0);
        }
        return bytes;
    }

    /// A record's header; names may repeat, and values may be absent.
    public record PlainHeader(String name, Optional<ByteBuffer> value) {
        public PlainHeader {
            value = value.map(ByteBuffer::asReadOnlyBuffer);
        }
    }
}
