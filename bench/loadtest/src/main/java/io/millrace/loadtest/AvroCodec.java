package io.millrace.loadtest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;

/// Avro records in the form of schema registries: a zero byte, the schema's id, the encoded record.
///
/// Threads: any.
final class AvroCodec implements Codec {
    private static final byte MAGIC = 0;
    private static final int HEAD_BYTES = 1 + Integer.BYTES;
    private static final int FIELD_BYTES = 40;

    private static final Schema KEY = new Schema.Parser().parse("""
                    {"type": "record", "name": "LoadKey", "namespace": "io.millrace.loadtest",
                     "fields": [{"name": "producer", "type": "int"}]}""");
    private static final Schema VALUE = new Schema.Parser().parse("""
                    {"type": "record", "name": "LoadValue", "namespace": "io.millrace.loadtest",
                     "fields": [{"name": "run", "type": "long"}, {"name": "producer", "type": "int"},
                                {"name": "sequence", "type": "long"}, {"name": "sent", "type": "long"},
                                {"name": "filling", "type": "bytes"}]}""");

    private final SchemaRegistry registry;
    private final Map<String, Integer> ids = new ConcurrentHashMap<>();

    AvroCodec(SchemaRegistry registry) {
        this.registry = registry;
    }

    @Override
    public byte[] key(String topic, Stamp stamp) {
        GenericRecord key = new GenericData.Record(KEY);
        key.put("producer", stamp.producer());
        return encode(topic + "-key", key);
    }

    @Override
    public byte[] value(String topic, Stamp stamp, int bytes) {
        byte[] filling = new byte[Math.max(0, bytes - FIELD_BYTES)];
        ThreadLocalRandom.current().nextBytes(filling);
        GenericRecord value = new GenericData.Record(VALUE);
        value.put("run", stamp.run());
        value.put("producer", stamp.producer());
        value.put("sequence", stamp.sequence());
        value.put("sent", stamp.sentNanos());
        value.put("filling", ByteBuffer.wrap(filling));
        return encode(topic + "-value", value);
    }

    private byte[] encode(String subject, GenericRecord record) {
        int id = ids.computeIfAbsent(
                subject, name -> registry.register(name, record.getSchema().toString()));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ByteBuffer.allocate(HEAD_BYTES).put(MAGIC).putInt(id).array());
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        try {
            new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
            encoder.flush();
        } catch (IOException impossible) {
            throw new UncheckedIOException("memory does not fail", impossible);
        }
        return out.toByteArray();
    }

    @Override
    public Optional<Stamp> stamp(byte[] value) {
        if (value.length < HEAD_BYTES
                || value[0] != MAGIC
                || !isOurs(ByteBuffer.wrap(value).getInt(1))) {
            return Optional.empty();
        }
        try {
            GenericRecord record = new GenericDatumReader<GenericRecord>(VALUE)
                    .read(null, DecoderFactory.get().binaryDecoder(value, HEAD_BYTES, value.length - HEAD_BYTES, null));
            return Optional.of(new Stamp(
                    (long) record.get("run"), (int) record.get("producer"), (long) record.get("sequence"), (long)
                            record.get("sent")));
        } catch (IOException broken) {
            throw new UncheckedIOException("a value of a known schema cannot be read", broken);
        }
    }

    private boolean isOurs(int id) {
        return ids.containsValue(id);
    }
}
