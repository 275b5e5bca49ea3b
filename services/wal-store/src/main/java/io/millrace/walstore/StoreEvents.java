package io.millrace.walstore;

import io.millrace.api.http.FeedPublisher;
import io.millrace.model.Catalog;
import io.millrace.model.CatalogNews;
import io.millrace.model.PartitionId;
import io.millrace.runtime.events.ServiceEvent;
import io.millrace.runtime.events.ServiceEvents;
import io.millrace.store.Damage;
import io.millrace.store.LogStore;
import io.millrace.store.RoundReport;
import io.millrace.store.ScrubStatus;
import io.millrace.store.WalEvents;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/// Turns what the engine tells into meters, feeds, logs and the end of the process.
///
/// Threads: as the engine says; nothing here blocks.
final class StoreEvents implements WalEvents {

    private static final Logger LOG = Logger.getLogger(StoreEvents.class);

    private final StoreOwner owner;
    private final WalMeters meters;
    private final FeedPublisher feeds;
    private final ServiceEvents events;

    StoreEvents(StoreOwner owner, WalMeters meters, FeedPublisher feeds, ServiceEvents events) {
        this.owner = owner;
        this.meters = meters;
        this.feeds = feeds;
        this.events = events;
    }

    @Override
    public void roundApplied(RoundReport report) {
        meters.round(report);
        feeds.publish(report.batches(), report.partitions(), report.catalog());
        report.catalog().forEach(this::audit);
    }

    private void audit(CatalogNews news) {
        switch (news) {
            case CatalogNews.Snapshot _ -> {
                // Nothing changed: this is what was there.
            }
            case CatalogNews.TopicChanged changed ->
                events.publish(ServiceEvent.audit(
                        "topic.stored",
                        Map.of(
                                "topic", changed.topic().name(),
                                "topicId", changed.topic().id().toString(),
                                "partitions", Integer.toString(changed.topic().partitionCount()),
                                "configs", changed.topic().configs().toString(),
                                "version", Long.toString(changed.version()))));
            case CatalogNews.TopicDeleted deleted ->
                events.publish(ServiceEvent.audit(
                        "topic.deleted",
                        Map.of(
                                "topicId", deleted.topicId().toString(),
                                "version", Long.toString(deleted.version()))));
            case CatalogNews.ResourceChanged changed ->
                events.publish(ServiceEvent.audit(
                        "resource.stored",
                        Map.of(
                                "kind", changed.resource().kind().name(),
                                "name", changed.resource().name(),
                                "configs", changed.configs().toString(),
                                "version", Long.toString(changed.version()))));
        }
    }

    @Override
    public void poisoned(IOException cause, String where) {
        owner.poisoned(cause, where);
    }

    @Override
    public void recoveryProgress(long bytesDone, long bytesTotal) {
        owner.recoveryProgress(bytesDone, bytesTotal);
    }

    @Override
    public void diskFull(String location, long usableBytes) {
        LOG.warnf("Disk full: writes are refused, reads go on location=%s usableBytes=%d", location, usableBytes);
        events.publish(ServiceEvent.lifecycle("disk.full", space(location, usableBytes)));
    }

    @Override
    public void spaceReturned(String location, long usableBytes) {
        LOG.infof("Space returned: writes are accepted again location=%s usableBytes=%d", location, usableBytes);
        events.publish(ServiceEvent.lifecycle("disk.space-returned", space(location, usableBytes)));
    }

    @Override
    public void spaceFreed(int segmentCount, int sealedFileCount, long bytes) {
        meters.freed(segmentCount, sealedFileCount, bytes);
        LOG.debugf("Space freed segments=%d sealedFiles=%d bytes=%d", segmentCount, sealedFileCount, bytes);
    }

    @Override
    public void sealed(int fileCount, long bytes) {
        meters.sealed(fileCount, bytes);
        LOG.debugf("WAL segments sealed files=%d bytes=%d", fileCount, bytes);
    }

    @Override
    public void compacted(PartitionId partitionId, long removedBytes) {
        meters.compacted(removedBytes);
        LOG.debugf("Partition compacted partition=%s removedBytes=%d", partitionId, removedBytes);
    }

    @Override
    public void sealingStopped(IOException cause) {
        LOG.error("What should be sealed or compacted cannot be read; it stays where it is until it is deleted", cause);
        events.publish(ServiceEvent.lifecycle("sealing.stopped", Map.of("cause", String.valueOf(cause.getMessage()))));
    }

    @Override
    public void damageFound(Damage damage) {
        Map<String, String> facts = Map.of(
                "file", damage.fileName(),
                "filePosition", Long.toString(damage.filePosition()),
                "what", damage.what(),
                "affected", affected(damage));
        LOG.errorf(
                "Damaged data on the disk file=%s filePosition=%d what=\"%s\" affected=\"%s\" advice=\"%s\"",
                damage.fileName(), damage.filePosition(), damage.what(), affected(damage), damage.advice());
        events.publish(ServiceEvent.lifecycle("damage.found", facts));
    }

    /// Such as `orders/0 offsets 17 to 18`.
    private String affected(Damage damage) {
        Optional<Catalog> catalog = owner.store().map(LogStore::catalog);
        return damage.affected().stream()
                .map(lost -> ScrubViews.name(lost.partitionId(), catalog) + " offsets " + lost.firstOffset() + " to "
                        + (lost.endOffset() - 1))
                .collect(Collectors.joining(", "));
    }

    @Override
    public void scrubEnded(ScrubStatus status) {
        meters.scrubbed(status.bytesDone());
        LOG.infof(
                "Scrub ended state=%s files=%d bytes=%d damagedPlaces=%d",
                status.state(), status.filesDone(), status.bytesDone(), status.damageCount());
        events.publish(ServiceEvent.lifecycle(
                "scrub.ended",
                Map.of(
                        "state", status.state().name(),
                        "files", Integer.toString(status.filesDone()),
                        "bytes", Long.toString(status.bytesDone()),
                        "damagedPlaces", Integer.toString(status.damageCount()),
                        "failure", status.failure().orElse(""))));
    }

    private static Map<String, String> space(String location, long usableBytes) {
        return Map.of("location", location, "usableBytes", Long.toString(usableBytes));
    }
}
