package io.millrace.coordinator;

import io.millrace.coordinator.kafka.GroupDescription;
import io.millrace.coordinator.kafka.GroupSummary;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Groups as JSON.
final class GroupViews {

    private GroupViews() {}

    /// All groups of this node.
    public record GroupList(List<GroupLine> groups) {
        public GroupList {
            groups = List.copyOf(groups);
        }
    }

    /// One group of the list.
    public record GroupLine(String groupId, String type, String state, String protocolType) {
        static GroupLine of(GroupSummary group) {
            return new GroupLine(group.groupId(), group.type(), group.state(), group.protocolType());
        }
    }

    /// One group with its members and how far it has read.
    public record GroupView(
            String groupId,
            String type,
            String state,
            String assignor,
            @Nullable Integer epoch,
            List<MemberView> members,
            List<OffsetView> offsets,
            long totalLag) {

        public GroupView {
            members = List.copyOf(members);
            offsets = List.copyOf(offsets);
        }

        static GroupView of(GroupDescription group, List<OffsetView> offsets) {
            return new GroupView(
                    group.groupId(),
                    group.type(),
                    group.state(),
                    group.assignor(),
                    group.epoch().orElse(null),
                    group.members().stream().map(MemberView::of).toList(),
                    offsets,
                    offsets.stream()
                            .mapToLong(offset -> offset.lag() == null ? 0 : offset.lag())
                            .sum());
        }
    }

    /// One member.
    ///
    /// @param assignment partitions by topic
    public record MemberView(
            String memberId,
            @Nullable String instanceId,
            String clientId,
            String clientHost,
            Map<String, List<Integer>> assignment) {

        public MemberView {
            assignment = Map.copyOf(assignment);
        }

        static MemberView of(GroupDescription.Member member) {
            return new MemberView(
                    member.memberId(),
                    member.instanceId().orElse(null),
                    member.clientId(),
                    member.clientHost(),
                    member.assignment());
        }
    }

    /// What a group has committed.
    public record OffsetList(String groupId, List<OffsetView> offsets) {
        public OffsetList {
            offsets = List.copyOf(offsets);
        }
    }

    /// One partition of a group.
    ///
    /// @param endOffset the high watermark of a short while ago; null if wal-store does not tell it
    /// @param lag records that the group has not read; null without an end
    public record OffsetView(
            String topic,
            int partition,
            long committedOffset,
            String metadata,
            @Nullable Long endOffset,
            @Nullable Long lag) {}

    /// Offsets to set.
    public record SetRequest(List<OffsetSetting> offsets) {
        public SetRequest {
            offsets = offsets == null ? List.of() : List.copyOf(offsets);
        }
    }

    /// One offset to set.
    public record OffsetSetting(
            @Nullable String topic,
            int partition,
            long offset,
            @Nullable String metadata) {}

    /// Where to set a group's offsets of a topic.
    ///
    /// @param partitions all of the topic's if it is missing
    /// @param to `earliest`, `latest`, `offset`, `timestamp` or `shift`
    /// @param offset the offset, with `to=offset`; it is moved into the log if it lies outside
    /// @param timestamp milliseconds since 1970, with `to=timestamp`; the first record at or after it, or the end
    /// @param shiftBy how many records forward, or back if it is negative, with `to=shift`; never out of the log
    /// @param dryRun only tells what would be done
    public record ResetRequest(
            @Nullable String topic,
            @Nullable List<Integer> partitions,
            @Nullable String to,
            @Nullable Long offset,
            @Nullable Long timestamp,
            @Nullable Long shiftBy,
            @Nullable Boolean dryRun) {}

    /// What a reset did, or would do.
    public record ResetResult(String groupId, boolean dryRun, List<NewOffset> offsets) {
        public ResetResult {
            offsets = List.copyOf(offsets);
        }
    }

    /// Where one partition was set to.
    public record NewOffset(String topic, int partition, long offset) {}
}
