package io.millrace.kafka.fetch;

import java.util.Optional;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FetchMetadata;

/// Fetch sessions, of which we keep none: each answer carries session id 0, so clients name all partitions each
/// time.
///
/// A broker whose session cache is full does the same. A client that goes on with a session of another broker is
/// told that it is unknown here, and starts over with a full fetch.
///
/// Threads: stateless. Source: KIP-227.
final class FetchSessions {

    private FetchSessions() {}

    /// The error of the whole answer, if the request goes on with a session.
    static Optional<Errors> refusal(FetchRequestData request) {
        boolean isFull = request.sessionEpoch() == FetchMetadata.INITIAL_EPOCH
                || request.sessionEpoch() == FetchMetadata.FINAL_EPOCH;
        return isFull ? Optional.empty() : Optional.of(Errors.FETCH_SESSION_ID_NOT_FOUND);
    }
}
