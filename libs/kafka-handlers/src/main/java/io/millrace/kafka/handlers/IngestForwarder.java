package io.millrace.kafka.handlers;

import io.millrace.api.CallFailedException;
import io.millrace.api.Instance;
import io.millrace.api.http.ForwardedFrame;
import io.millrace.kafka.listener.Forwarder;
import io.millrace.kafka.wire.ClientDetails;
import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.kafka.wire.KafkaResponse;
import io.smallrye.mutiny.Uni;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;

/// Passes requests about the whole cluster on to the controller, an ingest node, and its answer back.
///
/// Threads: any. Errors: without an ingest node NOT_CONTROLLER, upon which clients look again; if the node goes silent,
/// REQUEST_TIMED_OUT, since it may have done what was asked.
public final class IngestForwarder implements Forwarder {

    private final Supplier<RoutingView> routing;
    private final BiFunction<Instance, ForwardedFrame, Uni<Optional<ByteBuffer>>> frames;

    /// @param frames sends a frame to an instance and brings its reply
    public IngestForwarder(
            Supplier<RoutingView> routing, BiFunction<Instance, ForwardedFrame, Uni<Optional<ByteBuffer>>> frames) {
        this.routing = routing;
        this.frames = frames;
    }

    @Override
    public Uni<KafkaResponse> forward(KafkaRequest request) {
        Optional<Instance> controller = routing.get().controller();
        if (controller.isEmpty()) {
            return Answers.error(request, Errors.NOT_CONTROLLER, "No ingest node is alive.");
        }
        ClientDetails client = request.client();
        ForwardedFrame frame = new ForwardedFrame(request.frame(), client.host(), client.port(), client.listener());
        return frames.apply(controller.get(), frame)
                .map(IngestForwarder::response)
                .onFailure(CallFailedException.class)
                .recoverWithItem(() -> silent(request));
    }

    private static KafkaResponse response(Optional<ByteBuffer> reply) {
        return reply.isPresent() ? new KafkaResponse.Forwarded(reply.get()) : new KafkaResponse.Silence();
    }

    private static KafkaResponse silent(KafkaRequest request) {
        AbstractResponse body = request.body()
                .getErrorResponse(0, Errors.REQUEST_TIMED_OUT.exception("The ingest node did not answer."));
        return new KafkaResponse.Answer(body);
    }
}
