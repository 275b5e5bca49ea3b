package io.millrace.coordinator.kafka;

import io.millrace.coordinator.log.GroupRecord;
import io.millrace.model.Invariant;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.Utils;

/// The coordinator's records as bytes, and back.
///
/// Errors: a batch whose checksum does not match is `CorruptRecordException`.
final class BatchRecords {

    private BatchRecords() {}

    static byte[] copyOf(MemoryRecords records) {
        return Utils.toArray(records.buffer());
    }

    static int count(MemoryRecords records) {
        int count = 0;
        for (MutableRecordBatch batch : records.batches()) {
            Invariant.check(
                    !batch.isTransactional() && !batch.isControlBatch(),
                    "no API that is served writes transactional offsets");
            Integer inBatch = batch.countOrNull();
            Invariant.check(inBatch != null, "the coordinator writes batches of format 2");
            count += inBatch;
        }
        return count;
    }

    static List<GroupRecord> read(byte[] bytes) {
        List<GroupRecord> records = new ArrayList<>();
        for (MutableRecordBatch batch :
                MemoryRecords.readableRecords(ByteBuffer.wrap(bytes)).batches()) {
            batch.ensureValid();
            for (Record record : batch) {
                records.add(new GroupRecord(
                        Utils.toArray(record.key()),
                        record.hasValue() ? Optional.of(Utils.toArray(record.value())) : Optional.empty()));
            }
        }
        return records;
    }
}
