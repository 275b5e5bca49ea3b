package io.millrace.coordinator;

import io.millrace.coordinator.kafka.GroupAdmin;
import io.millrace.coordinator.kafka.GroupAnswer;
import io.millrace.kafka.handlers.TopicDirectory;
import io.millrace.runtime.rest.Problems;
import java.util.Optional;

/// The groups as the REST interface and the lags reach them: as long as this node serves them.
///
/// Threads: any. Errors: what is not given is a problem of the REST interface.
final class GroupAccess {

    private final CoordinatorNode node;
    private final TopicDirectory directory;

    GroupAccess(CoordinatorNode node, TopicDirectory directory) {
        this.node = node;
        this.directory = directory;
    }

    Optional<GroupAdmin> adminIfServing() {
        return node.state() instanceof NodeState.Serving serving
                ? Optional.of(new GroupAdmin(serving.coordinator(), directory))
                : Optional.empty();
    }

    GroupAdmin admin() {
        return switch (node.state()) {
            case NodeState.Serving serving -> new GroupAdmin(serving.coordinator(), directory);
            case NodeState.WithoutShards without -> throw Problems.unavailable(without.message());
            case NodeState.Refused refused -> throw Problems.unavailable(refused.message());
            case NodeState.Starting _, NodeState.AwaitingCatalog _, NodeState.Stopped _ ->
                throw Problems.unavailable("No catalog has come from wal-store yet.");
        };
    }

    static <T> T given(GroupAnswer<T> answer) {
        return switch (answer) {
            case GroupAnswer.Given<T> given -> given.value();
            case GroupAnswer.Refused<T> refused ->
                throw switch (refused.reason()) {
                    case NO_SUCH_GROUP -> Problems.notFound(refused.message());
                    case HAS_MEMBERS -> Problems.conflict(refused.message());
                    case INVALID -> Problems.invalid(refused.message());
                    case UNAVAILABLE -> Problems.unavailable(refused.message());
                };
        };
    }
}
