package io.millrace.api.http;

import io.millrace.api.CallFailedException;
import io.millrace.api.Instance;
import io.millrace.api.TraceId;
import io.millrace.model.ReadOutcome;
import io.millrace.model.ReadRequest;
import io.smallrye.mutiny.Uni;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// Range reads from one instance, wal-store or fetch.
///
/// Threads: from any thread. Errors: `Unknown` for each partition when the instance does not answer.
public final class ReadClient implements ReadService {

    private final InternalClient client;
    private final Instance to;
    private final Optional<TraceId> traceId;

    public ReadClient(InternalClient client, Instance to) {
        this(client, to, Optional.empty());
    }

    ReadClient(InternalClient client, Instance to, Optional<TraceId> traceId) {
        this.client = client;
        this.to = to;
        this.traceId = traceId;
    }

    @Override
    public Uni<List<ReadOutcome>> read(List<ReadRequest> requests, long totalBytesMax) {
        WireWriter body = new WireWriter(64 + requests.size() * 32);
        ReadCodec.writeRequests(body, new ReadCodec.Reads(requests, totalBytesMax));
        Call call = Call.post(
                to.internal(), Paths.READ, body, client.options().calls().read());
        int bytesMax = client.options().transport().bodyBytesMax();
        Optional<TraceId> trace = traceId.isPresent() ? traceId : TraceContext.current();
        return Exchange.start(client.vertx(), client.reads(), call, () -> new BodySink.Reads(bytesMax), trace)
                .map(outcomes -> complete(call, requests.size(), outcomes))
                .onFailure(CallFailedException.class)
                .recoverWithItem(failure -> Collections.nCopies(
                        requests.size(), new ReadOutcome.Unknown(String.valueOf(failure.getMessage()))));
    }

    private static List<ReadOutcome> complete(Call call, int requestCount, List<ReadOutcome> outcomes) {
        if (outcomes.size() != requestCount) {
            throw new CallFailedException(
                    call + " was answered with " + outcomes.size() + " outcomes for " + requestCount + " requests");
        }
        return outcomes;
    }
}
