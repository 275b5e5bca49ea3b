package io.millrace.kafka.handlers;

import io.millrace.api.TraceId;
import io.millrace.api.http.TraceContext;
import io.millrace.kafka.wire.KafkaRequest;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/// Gives each Kafka request a trace id, which goes with its appends, reads and calls to the other services.
///
/// At level DEBUG this class says which request has which id, and wal-store which append came of it.
///
/// Threads: the request's own Vert.x context. Source: W3C Trace Context.
public final class RequestTraces {

    private static final Logger LOG = Logger.getLogger(RequestTraces.class);

    private final long process;
    private final AtomicLong count = new AtomicLong();

    /// @param process the first half of all ids of this process, a random number
    public RequestTraces(long process) {
        this.process = process;
    }

    void started(KafkaRequest request) {
        TraceId traceId = new TraceId(process, count.incrementAndGet());
        TraceContext.remember(traceId);
        if (LOG.isDebugEnabled()) {
            LOG.debugf(
                    "Kafka request traceId=%s api=%s version=%d client=%s correlationId=%d",
                    traceId, request.api().name, request.version(), request.clientId(), request.correlationId());
        }
    }
}
