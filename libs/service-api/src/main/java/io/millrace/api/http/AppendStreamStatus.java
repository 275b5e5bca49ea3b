package io.millrace.api.http;

/// What the append stream does now.
///
/// Threads: immutable. Units: bytes; counts since the start.
///
/// @param connects how often the stream was accepted by an owner
/// @param unknowns batches whose fate is not known
public record AppendStreamStatus(
        boolean isConnected,
        long bytesInFlight,
        int appendsInFlight,
        long batchesSent,
        long bytesSent,
        long unknowns,
        long connects) {

    static AppendStreamStatus none() {
        return new AppendStreamStatus(false, 0, 0, 0, 0, 0, 0);
    }

    AppendStreamStatus connected() {
        return new AppendStreamStatus(
                true, bytesInFlight, appendsInFlight, batchesSent, bytesSent, unknowns, connects + 1);
    }

    AppendStreamStatus disconnected() {
        return new AppendStreamStatus(false, bytesInFlight, 0, batchesSent, bytesSent, unknowns, connects);
    }

    AppendStreamStatus withBytesInFlight(long bytes) {
        return new AppendStreamStatus(isConnected, bytes, appendsInFlight, batchesSent, bytesSent, unknowns, connects);
    }

    AppendStreamStatus withAppendsInFlight(int count) {
        return new AppendStreamStatus(isConnected, bytesInFlight, count, batchesSent, bytesSent, unknowns, connects);
    }

    AppendStreamStatus sent(int batchCount, long bytes) {
        return new AppendStreamStatus(
                isConnected,
                bytesInFlight,
                appendsInFlight,
                batchesSent + batchCount,
                bytesSent + bytes,
                unknowns,
                connects);
    }

    AppendStreamStatus unknown() {
        return new AppendStreamStatus(
                isConnected, bytesInFlight, appendsInFlight, batchesSent, bytesSent, unknowns + 1, connects);
    }
}
