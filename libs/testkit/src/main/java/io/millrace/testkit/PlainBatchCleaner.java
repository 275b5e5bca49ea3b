package io.millrace.testkit;

import io.millrace.compaction.BatchCleaner;
import io.millrace.compaction.Survivors;
import io.millrace.model.RecordBatch;
import io.millrace.testkit.PlainRecords.PlainRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Cleans uncompressed batches by the same rules as Kafka's code, without it.
///
/// Threads: stateless. Source: KIP-534.
public final class PlainBatchCleaner implements BatchCleaner {

    @Override
    public void readKeys(RecordBatch batch, KeyedRecord each) {
        for (PlainRecord record : PlainRecords.of(batch)) {
            String key = record.key();
            if (key != null) {
                each.at(record.offset(), bytes(key));
            }
        }
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Optional<TimedRecord> find(RecordBatch batch, TimedRecord least) {
        return PlainRecords.of(batch).stream()
                .filter(record ->
                        record.offset() >= least.offset() && record.timestampMillis() >= least.timestampMillis())
                .findFirst()
                .map(record -> new TimedRecord(record.offset(), record.timestampMillis()));
    }

    @Override
    public Optional<RecordBatch> clean(RecordBatch batch, Survivors survivors) {
        if (survivors.isUntouched(batch)) {
            return Optional.of(batch);
        }
        OptionalLong horizon = batch.deleteHorizonMillis();
        List<PlainRecord> left = PlainRecords.of(batch).stream()
                .filter(record -> survives(record, survivors, horizon))
                .toList();
        if (left.isEmpty() && !survivors.isKeptWhenEmpty(batch)) {
            return Optional.empty();
        }
        boolean wantsHorizon = horizon.isEmpty() && left.stream().anyMatch(record -> record.value() == null);
        OptionalLong newHorizon = wantsHorizon ? survivors.deleteHorizonMillis(batch) : horizon;
        if (left.size() == batch.recordCount() && newHorizon.equals(horizon)) {
            return Optional.of(batch);
        }
        return Optional.of(BatchBuilder.rebuilt(batch, left, newHorizon));
    }

    private static boolean survives(PlainRecord record, Survivors survivors, OptionalLong horizon) {
        String key = record.key();
        if (key == null || !survivors.isLatest(record.offset(), bytes(key))) {
            return false;
        }
        return record.value() != null || horizon.isEmpty() || !survivors.isOver(record.offset(), horizon.getAsLong());
    }
}
