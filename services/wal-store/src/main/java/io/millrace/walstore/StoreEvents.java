package io.millrace.walstore;

import io.millrace.api.http.FeedPublisher;
import io.millrace.model.CatalogNews;
import io.millrace.model.PartitionId;
import io.millrace.runtime.events.ServiceEvent;
import io.millrace.runtime.events.ServiceEvents;
import io.millrace.store.RoundReport;
import io.millrace.store.WalEvents;
import java.io.IOException;
import java.util.Map;
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
        LOG.error(
                "What should be sealed cannot be read; nothing is sealed or freed until the cause is repaired", cause);
        events.publish(ServiceEvent.lifecycle("sealing.stopped", Map.of("cause", String.valueOf(cause.getMessage()))));
    }

    private static Map<String, String> space(String location, long usableBytes) {
        return Map.of("location", location, "usableBytes", Long.toString(usableBytes));
    }
}
