package io.millrace.runtime.events;

import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smallrye.reactive.messaging.annotations.ConnectorAttribute;
import io.smallrye.reactive.messaging.connector.OutboundConnector;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.Flow;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Writes each message of an outgoing channel as one line of the structured log.
///
/// Threads: writes on a worker, one message at a time.
@ApplicationScoped
@Connector("millrace-log")
@ConnectorAttribute(
        name = "category",
        type = "string",
        direction = ConnectorAttribute.Direction.OUTGOING,
        description = "The log category that the lines go to",
        defaultValue = "io.millrace.events")
final class EventLogConnector implements OutboundConnector {

    EventLogConnector() {}

    @Override
    public Flow.Subscriber<? extends Message<?>> getSubscriber(Config config) {
        String category = config.getOptionalValue("category", String.class).orElse("io.millrace.events");
        return new LineWriter(Logger.getLogger(category));
    }

    /// Takes one message at a time.
    private static final class LineWriter implements Flow.Subscriber<Message<?>> {

        private final Logger log;
        // Written once, by onSubscribe, before the first onNext.
        private Flow.@Nullable Subscription subscription;

        LineWriter(Logger log) {
            this.log = log;
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            given.request(1);
        }

        @Override
        public void onNext(Message<?> message) {
            // Publishers are event loops and the commit thread, and a full pipe behind the log may block.
            Infrastructure.getDefaultExecutor().execute(() -> write(message));
        }

        private void write(Message<?> message) {
            log.info(message.getPayload());
            var _ = message.ack();
            if (subscription != null) {
                subscription.request(1);
            }
        }

        @Override
        public void onError(Throwable failure) {
            log.error("events ended", failure);
        }

        @Override
        public void onComplete() {
            log.debug("events ended");
        }
    }
}
