package io.millrace.api.http;

import io.millrace.api.feed.FeedOptions;

/// Everything that can be configured between the services.
///
/// Threads: immutable.
public record ApiOptions(
        TransportOptions transport, StreamOptions streams, AppendOptions append, CallOptions calls, FeedOptions feeds) {

    public static ApiOptions defaults() {
        return new ApiOptions(
                TransportOptions.defaults(),
                StreamOptions.defaults(),
                AppendOptions.defaults(),
                CallOptions.defaults(),
                FeedOptions.defaults());
    }
}
