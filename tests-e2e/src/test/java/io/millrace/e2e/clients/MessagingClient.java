package io.millrace.e2e.clients;

import io.millrace.e2e.cluster.Checkout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// SmallRye Reactive Messaging's Kafka connector, in the small Quarkus application of `tests-messaging`.
record MessagingClient(String bootstrap) implements Client {
    private static final Path APPLICATION = Checkout.path("tests-messaging/target/quarkus-app");

    @Override
    public String id() {
        return "messaging";
    }

    @Override
    public String name() {
        return "SmallRye Reactive Messaging in Quarkus";
    }

    @Override
    public String version() {
        return JarVersion.in(
                APPLICATION.resolve("lib/main"), "io.smallrye.reactive.smallrye-reactive-messaging-kafka-");
    }

    @Override
    public Retries retries() {
        return Retries.WRITE_ONCE;
    }

    @Override
    public List<String> produce(String topic, int run, int count) {
        return application(List.of("-Dlines.topic=" + topic), "produce");
    }

    @Override
    public List<String> consume(String topic, String group) {
        return application(
                List.of("-Dlines.topic=" + topic, "-Dlines.group=" + group, "-Dlines.receives=true"), "consume");
    }

    private List<String> application(List<String> settings, String action) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.add("-Dkafka.bootstrap.servers=" + bootstrap);
        command.addAll(settings);
        command.addAll(List.of("-jar", APPLICATION.resolve("quarkus-run.jar").toString(), action));
        return command;
    }
}
