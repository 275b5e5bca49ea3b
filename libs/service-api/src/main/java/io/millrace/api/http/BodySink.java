package io.millrace.api.http;

import io.millrace.model.ReadOutcome;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/// Takes the body of a request or an answer, chunk by chunk, never more than it may have.
///
/// Threads: one at a time. Errors: [MalformedMessageException] when it is too large or no message.
sealed interface BodySink<T> {

    /// Comes first.
    ///
    /// @param length what the header says, empty if it says nothing
    void begin(OptionalLong length);

    void add(Buffer chunk);

    T finish();

    static OptionalLong length(String header) {
        try {
            return OptionalLong.of(Long.parseLong(header));
        } catch (NumberFormatException e) {
            throw new MalformedMessageException("content-length is '" + header + "'", e);
        }
    }

    private static void check(long size, long limit) {
        if (size < 0 || size > limit) {
            throw new TooLargeException("a body of " + size + " bytes, allowed are " + limit);
        }
    }

    /// The body is larger than it may be.
    final class TooLargeException extends RuntimeException {
        TooLargeException(String message) {
            super(message);
        }
    }

    /// The whole body in one buffer of exactly its size, if the header says its size.
    final class WholeBody implements BodySink<ByteBuffer> {

        private static final int FIRST_BYTES = 256;

        private final int limit;
        private byte[] bytes = {};
        private int size;

        WholeBody(int limit) {
            this.limit = limit;
        }

        @Override
        public void begin(OptionalLong length) {
            if (length.isPresent()) {
                check(length.getAsLong(), limit);
                bytes = new byte[(int) length.getAsLong()];
            }
        }

        @Override
        public void add(Buffer chunk) {
            int part = chunk.length();
            check((long) size + part, limit);
            if (bytes.length - size < part) {
                long roomy = Math.max(bytes.length * 2L, (long) size + part + FIRST_BYTES);
                bytes = Arrays.copyOf(bytes, (int) Math.min(roomy, limit));
            }
            chunk.getBytes(0, part, bytes, size);
            size += part;
        }

        @Override
        public ByteBuffer finish() {
            return ByteBuffer.wrap(bytes, 0, size);
        }
    }

    /// The answer to a range read; each partition's batches get a buffer of their own.
    final class Reads implements BodySink<List<ReadOutcome>> {

        private final long limit;
        private final FrameAssembler assembler;
        private final List<ReadOutcome> outcomes = new ArrayList<>();
        private long size;

        Reads(int limit) {
            this.limit = limit;
            this.assembler = new FrameAssembler(limit);
        }

        @Override
        public void begin(OptionalLong length) {
            check(length.orElse(0), limit);
        }

        @Override
        public void add(Buffer chunk) {
            size += chunk.length();
            check(size, limit);
            assembler.add(chunk, frame -> outcomes.add(WireReader.decode(frame, ReadCodec::readOutcome)));
        }

        @Override
        public List<ReadOutcome> finish() {
            if (!assembler.isEmpty()) {
                throw new MalformedMessageException("the answer ends inside a partition's outcome");
            }
            return outcomes;
        }
    }
}
