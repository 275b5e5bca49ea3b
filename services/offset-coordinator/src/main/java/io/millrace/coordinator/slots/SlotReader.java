package io.millrace.coordinator.slots;

import io.millrace.coordinator.slots.SlotIndex.Located;
import io.millrace.wal.LogRecord;
import io.millrace.wal.WriteAheadLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads values from the log; neighbours together.
///
/// Threads: any; blocks on the disk.
/// Errors: a record that is not what the index says is an [IOException], never a value.
final class SlotReader {

    /// Reading over a small gap costs less than another call; lone changes lie this far apart.
    private static final int GAP_BYTES_MAX = 4096;

    private static final int RUN_BYTES_MAX = 1 << 20;

    private final WriteAheadLog log;

    SlotReader(WriteAheadLog log) {
        this.log = log;
    }

    /// The values of slots that are given in the order of the log; empty where the segment was freed meanwhile, so that
    /// the slot has another place now or none.
    List<Optional<byte[]>> read(List<Located> slots) throws IOException {
        List<Optional<byte[]>> values = new ArrayList<>(slots.size());
        int first = 0;
        while (first < slots.size()) {
            int end = runEnd(slots, first);
            addRun(slots.subList(first, end), values);
            first = end;
        }
        return values;
    }

    /// How far one read goes.
    private int runEnd(List<Located> slots, int first) {
        long from = slots.get(first).place().position();
        int end = first + 1;
        while (end < slots.size()) {
            SlotIndex.Place previous = slots.get(end - 1).place();
            SlotIndex.Place next = slots.get(end).place();
            long gap = next.position() - previous.position() - previous.sizeInLog();
            if (gap > GAP_BYTES_MAX
                    || next.position() + next.sizeInLog() - from > RUN_BYTES_MAX
                    || !log.isOneSegment(from, next.position())) {
                break;
            }
            end++;
        }
        return end;
    }

    private void addRun(List<Located> run, List<Optional<byte[]>> values) throws IOException {
        long from = run.getFirst().place().position();
        SlotIndex.Place last = run.getLast().place();
        ByteBuffer bytes = ByteBuffer.allocate((int) (last.position() + last.sizeInLog() - from));
        boolean isThere = log.read(bytes, from);
        bytes.flip();
        for (Located located : run) {
            values.add(isThere ? Optional.of(checked(located, bytes, from)) : Optional.empty());
        }
    }

    private static byte[] checked(Located located, ByteBuffer bytes, long from) throws IOException {
        SlotIndex.Place place = located.place();
        LogRecord record =
                LogRecord.checked(bytes, (int) (place.position() - from), place.sizeInLog(), place.position());
        ByteBuffer body = record.body();
        if (record.type() != SlotRecord.PUT || !SlotRecord.decodeName(body).equals(located.slot())) {
            throw new IOException("the record at position " + place.position() + " is not that of " + located.slot());
        }
        return SlotRecord.decodeValue(body);
    }
}
