package io.millrace.coordinator;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.coordinator.slots.SlotEvents;
import io.millrace.runtime.ProcessExit;
import io.millrace.runtime.ProcessExit.Reason;
import java.io.IOException;
import org.jboss.logging.Logger;

/// What the files under the groups tell, as numbers and lines; ends the process when they failed.
///
/// Threads: any; meters are safe for all.
final class GroupFileEvents implements SlotEvents {

    private static final Logger LOG = Logger.getLogger("io.millrace.coordinator.files");

    private final Counter rounds;
    private final Counter changes;
    private final Counter bytes;
    private final Counter freed;
    private final ProcessExit exit;

    GroupFileEvents(MeterRegistry registry, ProcessExit exit) {
        this.exit = exit;
        rounds = counter(registry, "millrace.groups.rounds", "Writes that were forced, each with all that waited");
        changes = counter(registry, "millrace.groups.changes", "Slots written or removed");
        bytes = counter(registry, "millrace.groups.round.bytes", "Bytes written to the files of the groups");
        freed = counter(registry, "millrace.groups.segments.freed", "Files whose content was superseded, deleted");
    }

    private static Counter counter(MeterRegistry registry, String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    @Override
    public void roundWritten(int changeCount, int byteCount) {
        rounds.increment();
        changes.increment(changeCount);
        bytes.increment(byteCount);
    }

    @Override
    public void spaceFreed(int segmentCount) {
        freed.increment(segmentCount);
    }

    @Override
    public void diskFull(String location, long usableBytes) {
        LOG.warnf(
                "The disk is full: commits and joins are refused once the last file is, until space returns"
                        + " location=%s usableBytes=%d",
                location, usableBytes);
    }

    @Override
    public void spaceReturned(String location, long usableBytes) {
        LOG.infof("The disk has space again location=%s usableBytes=%d", location, usableBytes);
    }

    @Override
    public void poisoned(IOException cause) {
        exit.exit(
                Reason.LOG_FAILED,
                "The files of the groups failed (" + cause.getMessage() + "). Nothing was answered after it; the"
                        + " process ends, and the next start recovers what the disk really has.",
                cause);
    }
}
