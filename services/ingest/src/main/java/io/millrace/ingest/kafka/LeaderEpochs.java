package io.millrace.ingest.kafka;

import io.millrace.model.Catalog;
import java.util.Optional;
import org.apache.kafka.common.protocol.Errors;

/// Compares the leader epoch that a client believes in with the owner's. Source: KIP-320.
final class LeaderEpochs {

    private static final int NOT_GIVEN = -1;

    private LeaderEpochs() {}

    /// What a client is told whose epoch is not the present one; both errors make it refresh its metadata.
    static Optional<Errors> problem(int currentLeaderEpoch, Catalog catalog) {
        if (currentLeaderEpoch == NOT_GIVEN || currentLeaderEpoch == catalog.ownerEpoch()) {
            return Optional.empty();
        }
        return Optional.of(
                currentLeaderEpoch < catalog.ownerEpoch() ? Errors.FENCED_LEADER_EPOCH : Errors.UNKNOWN_LEADER_EPOCH);
    }
}
