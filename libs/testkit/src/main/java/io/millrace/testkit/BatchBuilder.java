package io.millrace.testkit;

import io.millrace.model.RecordBatch;
import io.millrace.testkit.PlainRecords.PlainRecord;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Builds uncompressed record batches as a producer sends them.
///
/// Threads: one.
public final class BatchBuilder {

    private final List<TimedValue> records = new ArrayList<>();
    private long producerId = -1;
    private short producerEpoch = -1;
    private int baseSequence = -1;
    private int attributes;

    private record TimedValue(
            long timestampMillis,
            @Nullable String key,
            @Nullable String value) {}

    BatchBuilder() {}

    /// An idempotent producer in epoch 0, whose batch starts at sequence 0.
    public BatchBuilder fromProducer(long id) {
        producerId = id;
        producerEpoch = 0;
        baseSequence = Math.max(baseSequence, 0);
        return this;
    }

    public BatchBuilder withEpoch(int epoch) {
        producerEpoch = (short) epoch;
        return this;
    }

    public BatchBuilder withSequence(int sequence) {
        baseSequence = sequence;
        return this;
    }

    public BatchBuilder withRecord(long timestampMillis, String value) {
        records.add(new TimedValue(timestampMillis, null, value));
        return this;
    }

    public BatchBuilder withKeyed(long timestampMillis, String key, String value) {
        records.add(new TimedValue(timestampMillis, key, value));
        return this;
    }

    public BatchBuilder withTombstone(long timestampMillis, String key) {
        records.add(new TimedValue(timestampMillis, key, null));
        return this;
    }

    public BatchBuilder withRecords(int count) {
        for (int i = 0; i < count; i++) {
            withRecord(1_000 + i, "v" + i);
        }
        return this;
    }

    /// One record with a value of this many bytes, none of which is zero.
    public BatchBuilder withValueBytes(int bytes) {
        return withRecord(1_000, "x".repeat(bytes));
    }

    /// The header says so; the records stay as they are, since the engine does not look into compressed ones.
    public BatchBuilder compressed(int code) {
        attributes |= code;
        return this;
    }

    public BatchBuilder transactional() {
        attributes |= 0x10;
        return this;
    }

    public RecordBatch build() {
        if (records.isEmpty()) {
            withRecord(1_000, "v");
        }
        long baseTimestamp = records.getFirst().timestampMillis();
        long maxTimestamp = baseTimestamp;
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int i = 0; i < records.size(); i++) {
            TimedValue each = records.get(i);
            maxTimestamp = Math.max(maxTimestamp, each.timestampMillis());
            byte[] encoded = encoded(each, each.timestampMillis() - baseTimestamp, i);
            putVarlong(body, encoded.length);
            body.writeBytes(encoded);
        }
        int size = RecordBatch.HEADER_BYTES + body.size();
        ByteBuffer bytes = ByteBuffer.allocate(size);
        bytes.putLong(0)
                .putInt(size - RecordBatch.LOG_OVERHEAD_BYTES)
                .putInt(-1)
                .put((byte) 2)
                .putInt(0);
        bytes.putShort((short) attributes)
                .putInt(records.size() - 1)
                .putLong(baseTimestamp)
                .putLong(maxTimestamp);
        bytes.putLong(producerId).putShort(producerEpoch).putInt(baseSequence).putInt(records.size());
        bytes.put(body.toByteArray());
        CRC32C crc = new CRC32C();
        crc.update(bytes.array(), 21, size - 21);
        bytes.putInt(17, (int) crc.getValue());
        return RecordBatch.view(bytes.flip());
    }

    /// The batch with these of its records, at their offsets, and this delete horizon.
    static RecordBatch rebuilt(RecordBatch batch, List<PlainRecord> left, OptionalLong deleteHorizonMillis) {
        long baseTimestamp = deleteHorizonMillis.orElse(batch.baseTimestamp());
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (PlainRecord each : left) {
            TimedValue timed = new TimedValue(each.timestampMillis(), each.key(), each.value());
            byte[] encoded =
                    encoded(timed, each.timestampMillis() - baseTimestamp, (int) (each.offset() - batch.baseOffset()));
            putVarlong(body, encoded.length);
            body.writeBytes(encoded);
        }
        int size = RecordBatch.HEADER_BYTES + body.size();
        ByteBuffer bytes = ByteBuffer.allocate(size);
        bytes.put(batch.buffer().limit(RecordBatch.HEADER_BYTES)).put(body.toByteArray());
        bytes.putInt(8, size - RecordBatch.LOG_OVERHEAD_BYTES);
        bytes.putShort(21, (short) (batch.attributes() | (deleteHorizonMillis.isPresent() ? 0x40 : 0)));
        bytes.putLong(27, baseTimestamp).putInt(57, left.size());
        CRC32C crc = new CRC32C();
        crc.update(bytes.array(), 21, size - 21);
        bytes.putInt(17, (int) crc.getValue());
        return RecordBatch.view(bytes.flip());
    }

    private static byte[] encoded(TimedValue each, long timestampDelta, int offsetDelta) {
        ByteArrayOutputStream record = new ByteArrayOutputStream();
        record.write(0);
        putVarlong(record, timestampDelta);
        putVarlong(record, offsetDelta);
        putText(record, each.key());
        putText(record, each.value());
        putVarlong(record, 0);
        return record.toByteArray();
    }

    private static void putText(ByteArrayOutputStream target, @Nullable String text) {
        if (text == null) {
            putVarlong(target, -1);
            return;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        putVarlong(target, bytes.length);
        target.writeBytes(bytes);
    }

    private static void putVarlong(ByteArrayOutputStream target, long value) {
        long rest = value << 1 ^ value >> 63;
        while ((rest & ~0x7fL) != 0) {
            target.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        target.write((int) rest);
    }
}
