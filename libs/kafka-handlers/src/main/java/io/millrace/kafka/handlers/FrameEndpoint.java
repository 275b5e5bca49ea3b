package io.millrace.kafka.handlers;

import io.millrace.api.CallFailedException;
import io.millrace.api.http.ForwardedFrame;
import io.millrace.api.http.FrameHandler;
import io.millrace.kafka.listener.ApiRouter;
import io.millrace.kafka.wire.ClientDetails;
import io.millrace.kafka.wire.KafkaCodec;
import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.kafka.wire.KafkaResponse;
import io.millrace.kafka.wire.ParsedFrame;
import io.smallrye.mutiny.Uni;
import java.nio.ByteBuffer;
import java.util.Optional;

/// Answers frames that clients sent to another service, as if they had come here.
///
/// Threads: called on event loops, never blocks. Errors: [CallFailedException] for what a listener would answer by
/// closing the connection.
public final class FrameEndpoint implements FrameHandler {

    private final ApiRouter router;

    public FrameEndpoint(ApiRouter router) {
        this.router = router;
    }

    @Override
    public Uni<Optional<ByteBuffer>> handle(ForwardedFrame frame) {
        ClientDetails client = ClientDetails.unnamed(frame.clientHost(), frame.clientPort(), frame.listener());
        return switch (KafkaCodec.parse(frame.frame(), client)) {
            case ParsedFrame.Parsed(KafkaRequest request) ->
                router.handleForwarded(request).map(response -> reply(request, response));
            case ParsedFrame.Malformed(String reason) ->
                Uni.createFrom().failure(new CallFailedException("the forwarded frame is no request: " + reason));
        };
    }

    private static Optional<ByteBuffer> reply(KafkaRequest request, KafkaResponse response) {
        return switch (response) {
            case KafkaResponse.Answer answer -> {
                ByteBuffer frame = KafkaCodec.replyFrame(request, answer.body());
                answer.released().run();
                yield Optional.of(frame);
            }
            case KafkaResponse.Forwarded(ByteBuffer reply) -> Optional.of(reply);
            case KafkaResponse.Silence _ -> Optional.empty();
            case KafkaResponse.Disconnect(String reason) -> throw new CallFailedException(reason);
        };
    }
}
