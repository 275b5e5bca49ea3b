package io.millrace.coordinator.kafka;

import java.util.stream.Stream;
import org.apache.kafka.common.protocol.Errors;

/// What the coordinator says to a question of our own REST interface.
///
/// Threads: immutable.
public sealed interface GroupAnswer<T> {

    record Given<T>(T value) implements GroupAnswer<T> {}

    record Refused<T>(Reason reason, String message) implements GroupAnswer<T> {}

    /// Why there is no answer, or why nothing was done.
    enum Reason {
        NO_SUCH_GROUP,
        /// The group has live members, which own its offsets.
        HAS_MEMBERS,
        INVALID,
        /// Nothing is known to have been done; the same request may pass later.
        UNAVAILABLE
    }

    /// The value, or nothing.
    default Stream<T> stream() {
        return switch (this) {
            case Given<T>(T value) -> Stream.of(value);
            case Refused<T> _ -> Stream.of();
        };
    }

    static <T> GroupAnswer<T> refused(Errors error, String message) {
        return new Refused<>(reason(error), message);
    }

    private static Reason reason(Errors error) {
        return switch (error) {
            case GROUP_ID_NOT_FOUND -> Reason.NO_SUCH_GROUP;
            case NON_EMPTY_GROUP,
                    UNKNOWN_MEMBER_ID,
                    ILLEGAL_GENERATION,
                    REBALANCE_IN_PROGRESS,
                    STALE_MEMBER_EPOCH,
                    FENCED_MEMBER_EPOCH,
                    GROUP_SUBSCRIBED_TO_TOPIC -> Reason.HAS_MEMBERS;
            case INVALID_GROUP_ID, OFFSET_METADATA_TOO_LARGE, INVALID_REQUEST, UNKNOWN_TOPIC_OR_PARTITION ->
                Reason.INVALID;
            default -> Reason.UNAVAILABLE;
        };
    }
}
