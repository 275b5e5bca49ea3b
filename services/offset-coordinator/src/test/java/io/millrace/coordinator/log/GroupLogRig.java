package io.millrace.coordinator.log;

import java.io.IOException;
import java.time.Duration;

/// The surroundings in which a [GroupLog] is tested: where its batches go can be held up, made to fail, and found again
/// by others.
interface GroupLogRig extends AutoCloseable {

    Duration PUT_TIMEOUT = Duration.ofSeconds(10);

    /// Of one shard's batches that are not durable.
    int IN_FLIGHT_BYTES_MAX = 4096;

    /// Another owner over the same durable batches.
    LogUnderTest owner() throws IOException;

    /// An owner over what is durable now, after all processes are gone.
    LogUnderTest afterCrash() throws IOException;

    /// Batches that are appended from now on neither become durable nor fail.
    void hold();

    /// Those go on.
    void release();

    /// Batches that are appended from now on fail.
    void fail();

    /// Nothing fails any more.
    void heal();

    void passTime(Duration duration);

    @Override
    void close() throws IOException;
}
