package io.millrace.coordinator.kafka;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One group as it is now.
///
/// Threads: immutable.
///
/// @param type `classic`, `consumer` or `streams`
/// @param assignor how partitions are shared out; empty while the group has no members, and for Streams
/// @param epoch of the group; empty for a classic group, which does not tell
public record GroupDescription(
        String groupId, String type, String state, String assignor, Optional<Integer> epoch, List<Member> members) {

    public GroupDescription {
        members = List.copyOf(members);
    }

    /// One member, and what it has been given to read.
    ///
    /// @param assignment partitions by topic; of Streams, active tasks by subtopology
    public record Member(
            String memberId,
            Optional<String> instanceId,
            String clientId,
            String clientHost,
            Map<String, List<Integer>> assignment) {

        public Member {
            assignment = Map.copyOf(assignment);
        }
    }
}
