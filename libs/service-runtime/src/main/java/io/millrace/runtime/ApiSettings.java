package io.millrace.runtime;

import io.millrace.api.feed.FeedOptions;
import io.millrace.api.http.ApiOptions;
import io.millrace.api.http.AppendOptions;
import io.millrace.api.http.CallOptions;
import io.millrace.api.http.StreamOptions;
import io.millrace.api.http.TransportOptions;
import io.quarkus.runtime.configuration.MemorySize;
import java.time.Duration;

/// Turns the configuration of what lies between the services into the plain records that service-api reads.
///
/// Errors: [IllegalArgumentException], whose message names the property or the rule.
final class ApiSettings {

    private static final String TRANSPORT = "millrace.transport.";
    private static final String STREAMS = "millrace.streams.";

    private ApiSettings() {}

    static ApiOptions of(TransportConfig transport, StreamConfig streams, Duration helloTimeout) {
        return new ApiOptions(
                transport(transport),
                new StreamOptions(
                        SettingsCheck.positive(STREAMS + "heartbeat", streams.heartbeat()),
                        SettingsCheck.positive(STREAMS + "silence-max", streams.silenceMax()),
                        SettingsCheck.positive(STREAMS + "reconnect-min", streams.reconnectMin()),
                        SettingsCheck.positive(STREAMS + "reconnect-max", streams.reconnectMax())),
                append(streams),
                calls(transport, helloTimeout),
                new FeedOptions(
                        SettingsCheck.positive(STREAMS + "catalog-change-wait", streams.catalogChangeWait()),
                        SettingsCheck.positive(STREAMS + "catalog-changes-max", streams.catalogChangesMax()),
                        SettingsCheck.positive(STREAMS + "subscriptions-max", streams.subscriptionsMax()),
                        SettingsCheck.positive(STREAMS + "subscription-idle", streams.subscriptionIdle()),
                        size(STREAMS + "tail-pending-max", streams.tailPendingMax())));
    }

    private static TransportOptions transport(TransportConfig config) {
        return new TransportOptions(
                size(TRANSPORT + "stream-window", config.streamWindow()),
                size(TRANSPORT + "connection-window", config.connectionWindow()),
                size(TRANSPORT + "frame-size", config.frameSize()),
                size(TRANSPORT + "write-buffer", config.writeBuffer()),
                SettingsCheck.positive(TRANSPORT + "concurrent-streams-max", config.concurrentStreamsMax()),
                size(TRANSPORT + "body-size-max", config.bodySizeMax()),
                SettingsCheck.positive(TRANSPORT + "call-connections", config.callConnections()),
                SettingsCheck.positive(TRANSPORT + "read-connections", config.readConnections()),
                SettingsCheck.positive(TRANSPORT + "waiting-calls-max", config.waitingCallsMax()),
                SettingsCheck.positive(TRANSPORT + "connect-timeout", config.connectTimeout()));
    }

    private static AppendOptions append(StreamConfig config) {
        int batchBytesMax = size(STREAMS + "batch-size-max", config.batchSizeMax());
        return new AppendOptions(
                batchBytesMax,
                atLeast(STREAMS + "append-in-flight-max", config.appendInFlightMax(), batchBytesMax),
                atLeast(STREAMS + "owner-in-flight-max", config.ownerInFlightMax(), batchBytesMax),
                SettingsCheck.positive(STREAMS + "append-timeout", config.appendTimeout()));
    }

    private static CallOptions calls(TransportConfig config, Duration helloTimeout) {
        return new CallOptions(
                SettingsCheck.positive(TRANSPORT + "call-timeout", config.callTimeout()),
                SettingsCheck.positive(TRANSPORT + "read-timeout", config.readTimeout()),
                SettingsCheck.positive(TRANSPORT + "frame-timeout", config.frameTimeout()),
                SettingsCheck.positive("millrace.probe.timeout", helloTimeout));
    }

    private static int size(String property, MemorySize size) {
        long bytes = size.asLongValue();
        if (bytes < 1 || bytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(property + " must be between 1 byte and 2 GiB.");
        }
        return (int) bytes;
    }

    private static long atLeast(String property, MemorySize size, int bytesMin) {
        if (size.asLongValue() < bytesMin) {
            throw new IllegalArgumentException(
                    property + " must be at least " + STREAMS + "batch-size-max, " + bytesMin + " bytes.");
        }
        return size.asLongValue();
    }
}
