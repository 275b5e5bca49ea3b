package io.millrace.walstore;

import io.millrace.runtime.rest.Problems;
import io.millrace.store.LogStore;
import io.millrace.store.StoreStatus;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// The write-ahead log, for people.
@Path("/api/v1/wal")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "wal")
final class WalResource {

    private final StoreOwner owner;
    private final WalStoreSettings settings;

    WalResource(StoreOwner owner, WalStoreSettings settings) {
        this.owner = owner;
        this.settings = settings;
    }

    @GET
    @Blocking
    @Operation(
            summary =
                    "Segments, sealed files, positions, rounds, the last force, what recovery found, and where the log lies",
            description = "Positions are bytes since the log began. 503 while the log is being recovered.")
    public WalView wal() {
        LogStore store = owner.store().orElseThrow(() -> Problems.unavailable(OwnerText.of(owner.state())));
        try {
            return WalView.of(store.status(), DataDevice.of(settings.directory()));
        } catch (IOException e) {
            throw Problems.unavailable(
                    "The data directory " + settings.directory() + " does not answer: " + e.getMessage());
        }
    }

    /// The log at one moment.
    public record WalView(
            String directory,
            DeviceView device,
            String clusterId,
            int ownerEpoch,
            List<SegmentView> segments,
            long endPosition,
            @Nullable Long checkpointPosition,
            int preparedSegments,
            long rounds,
            long forces,
            @Nullable Instant lastForce,
            QueueView queue,
            boolean isDiskFull,
            @Nullable String poison,
            SealingView sealing,
            RecoveryView recovery) {

        public WalView {
            segments = List.copyOf(segments);
        }

        static WalView of(StoreStatus status, DataDevice device) {
            return new WalView(
                    status.location(),
                    new DeviceView(device.name(), device.type(), device.totalBytes(), device.usableBytes()),
                    status.clusterId(),
                    status.ownerEpoch(),
                    status.segments().stream().map(SegmentView::of).toList(),
                    status.endPosition(),
                    status.checkpointPosition().orElse(null),
                    status.preparedSegments(),
                    status.roundCount(),
                    status.forceCount(),
                    status.lastForceMillis() < 0 ? null : Instant.ofEpochMilli(status.lastForceMillis()),
                    new QueueView(status.queuedCount(), status.queuedBytes()),
                    status.isDiskFull(),
                    status.poison().orElse(null),
                    SealingView.of(status.sealing()),
                    RecoveryView.of(status.recovery()));
        }
    }

    /// The file system.
    public record DeviceView(String name, String type, long totalBytes, long usableBytes) {}

    /// One segment file that holds rounds.
    public record SegmentView(String file, long basePosition, long endPosition, long liveBytes) {

        static SegmentView of(StoreStatus.SegmentStatus segment) {
            return new SegmentView(
                    segment.fileName(), segment.basePosition(), segment.endPosition(), segment.liveBytes());
        }
    }

    /// The files in which segments are kept sorted by partition, and how far the pass is that runs now.
    ///
    /// @param sealedPosition what lies before this position of the log is in sealed files
    /// @param passBytesTotal 0 while no pass runs
    public record SealingView(
            List<SealedFileView> files,
            long bytes,
            long liveBytes,
            long sealedPosition,
            long passBytesDone,
            long passBytesTotal,
            @Nullable String failure) {

        public SealingView {
            files = List.copyOf(files);
        }

        static SealingView of(StoreStatus.SealingStatus status) {
            return new SealingView(
                    status.files().stream().map(SealedFileView::of).toList(),
                    status.bytes(),
                    status.liveBytes(),
                    status.sealedPosition(),
                    status.passBytesDone(),
                    status.passBytesTotal(),
                    status.failure().orElse(null));
        }
    }

    /// One sealed file.
    public record SealedFileView(String file, int runs, long bytes, long liveBytes) {

        static SealedFileView of(StoreStatus.SealedFileStatus file) {
            return new SealedFileView(file.fileName(), file.runCount(), file.bytes(), file.liveBytes());
        }
    }

    /// What waits for a round.
    public record QueueView(int count, long bytes) {}

    /// What the last start found.
    ///
    /// @param entries batches and everything else that the log holds
    public record RecoveryView(
            boolean wasClean, int segments, long rounds, long entries, long bytes, long tornBytes, long millis) {

        static RecoveryView of(StoreStatus.RecoveryReport recovery) {
            return new RecoveryView(
                    recovery.wasClean(),
                    recovery.segmentCount(),
                    recovery.roundCount(),
                    recovery.batchCount(),
                    recovery.bytes(),
                    recovery.tornBytes(),
                    recovery.nanos() / 1_000_000);
        }
    }
}
