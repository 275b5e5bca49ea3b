package io.millrace.runtime.follow;

import io.millrace.api.feed.TailFeed;
import io.millrace.api.feed.TailFrame;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/// Hands the tail feed's frames to those that wait for news.
///
/// Threads: the channel's, one message after the other.
@ApplicationScoped
final class TailFollower {

    private final TailFeed feed;

    TailFollower(TailFeed feed) {
        this.feed = feed;
    }

    @NonBlocking
    @Incoming("tail")
    void accept(TailFrame frame) {
        feed.accept(frame);
    }
}
