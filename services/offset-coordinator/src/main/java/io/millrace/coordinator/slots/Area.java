package io.millrace.coordinator.slots;

/// Slots that are read together: one part of one table.
///
/// @param table from 0 to 127
public record Area(int table, int part) {

    static final int ENCODED_BYTES = Byte.BYTES + Integer.BYTES;

    public Area {
        if (table < 0 || table > Byte.MAX_VALUE) {
            throw new IllegalArgumentException("table " + table);
        }
    }
}
