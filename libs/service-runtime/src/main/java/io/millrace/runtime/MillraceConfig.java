package io.millrace.runtime;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// The configuration that all services share, as the operator writes it; [RuntimeSettings] is what the program reads.
///
/// Threads: immutable. Units: in the types. Errors: a value that does not fit stops the start with a sentence.
@ConfigMapping(prefix = "millrace")
interface MillraceConfig {

    /// Where instances find each other: `static` (the addresses in `millrace.peers`), `file` (the addresses in a file
    /// that is read again and again) or `kubernetes` (pods by label).
    @WithDefault("static")
    InstanceSource instances();

    Node node();

    Listener listener();

    Internal internal();

    Peers peers();

    Data data();

    Probe probe();

    Kubernetes kubernetes();

    TransportConfig transport();

    StreamConfig streams();

    Shutdown shutdown();

    /// Which one of a service's instances this is.
    interface Node {

        /// The number of this instance, from 0; without it, the number at the end of the pod's name on Kubernetes, else
        /// 0.
        OptionalInt ordinal();
    }

    /// The Kafka listener; only services that have a port here have one.
    interface Listener {

        /// The address that the listener binds to.
        @WithDefault("127.0.0.1")
        String host();

        /// The port that the listener binds to.
        OptionalInt port();

        /// The host that clients are told to connect to; `{ordinal}` in it becomes this instance's ordinal. Without it,
        /// `host`.
        Optional<String> advertisedHost();

        /// The port that clients are told to connect to. Without it, `port`.
        OptionalInt advertisedPort();
    }

    /// The HTTP/2 port for the other services.
    interface Internal {

        /// The address that the internal port binds to.
        @WithDefault("127.0.0.1")
        String host();

        /// The internal port.
        int port();
    }

    /// Internal addresses (`host:port`, comma-separated) of each service's instances, for `millrace.instances=static`.
    interface Peers {

        /// The file of `millrace.instances=file`, read again every `millrace.probe.interval`; each line is a service,
        /// `=`
        /// and internal addresses, comma-separated.
        Optional<Path> file();

        /// The instances of ingest.
        @WithDefault("127.0.0.1:7081")
        List<String> ingest();

        /// The instances of fetch.
        @WithDefault("127.0.0.1:7082")
        List<String> fetch();

        /// The instances of offset-coordinator.
        @WithDefault("127.0.0.1:7083")
        List<String> offsetCoordinator();

        /// The instances of wal-store.
        @WithDefault("127.0.0.1:7084")
        List<String> walStore();
    }

    /// Where a service that keeps data keeps it.
    interface Data {

        /// The data directory; each service uses a directory of its own name in it. Services without data ignore it.
        Optional<Path> directory();
    }

    /// How the liveness of other instances is found out.
    interface Probe {

        /// The time between two questions to an instance that lives.
        @WithDefault("1s")
        Duration interval();

        /// The time between two questions to an address where nobody answered lately.
        @WithDefault("250ms")
        Duration retry();

        /// How long one question may take.
        @WithDefault("1s")
        Duration timeout();

        /// An instance is dead after this many unanswered questions in a row.
        @WithDefault("3")
        int missesMax();
    }

    /// How pods are found, for `millrace.instances=kubernetes`.
    interface Kubernetes {

        /// The namespace of the pods; without it, the one that this pod runs in.
        Optional<String> namespace();

        /// The value of the label `app.kubernetes.io/part-of` that all our pods carry.
        @WithDefault("millrace")
        String partOf();
    }

    /// How a service stops.
    interface Shutdown {

        /// How long requests that were accepted may take to be answered once the service was told to stop.
        @WithDefault("10s")
        Duration drain();
    }
}
