package io.millrace.e2e.journal;

/// One record as it was acknowledged or read.
///
/// @param nanos when it was acknowledged or read, on this process's own clock
public record Entry(Place place, Origin origin, Hash value, long nanos) {

    public boolean isSameRecordAs(Entry other) {
        return place.equals(other.place) && origin.equals(other.origin) && value.equals(other.value);
    }

    @Override
    public String toString() {
        return origin.producer() + ":" + origin.sequence() + " at " + place + " #" + Long.toHexString(value.value());
    }
}
