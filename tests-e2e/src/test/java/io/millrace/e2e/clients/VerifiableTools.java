package io.millrace.e2e.clients;

import io.millrace.e2e.client.KafkaTool;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.utils.AppInfoParser;
import org.apache.kafka.tools.VerifiableConsumer;
import org.apache.kafka.tools.VerifiableProducer;

/// The pair that Kafka's own system tests check Kafka with; the producer makes up its values.
record VerifiableTools(String bootstrap) implements Client {
    private static final Pattern LINE =
            Pattern.compile("(?=.*\"name\":\"record_data\")(?=.*\"partition\":(?<partition>\\d+))"
                    + "(?=.*\"offset\":(?<offset>\\d+))(?=.*\"value\":\"(?<value>[^\"]+)\").*");

    private static final Pattern REFUSED =
            Pattern.compile("(?=.*\"name\":\"producer_send_error\")(?=.*\"value\":\"(?<value>[^\"]+)\").*");

    /// So slow that it is not done when the cluster is killed.
    private static final int PER_SECOND = 15;

    @Override
    public String id() {
        return "verifiable";
    }

    @Override
    public String name() {
        return "VerifiableProducer, VerifiableConsumer";
    }

    @Override
    public String version() {
        return AppInfoParser.getVersion();
    }

    @Override
    public Retries retries() {
        return Retries.WRITE_ONCE;
    }

    @Override
    public List<String> produce(String topic, int run, int count) {
        List<String> arguments = List.of(
                "--bootstrap-server",
                bootstrap,
                "--topic",
                topic,
                "--max-messages",
                Integer.toString(count),
                "--throughput",
                Integer.toString(PER_SECOND),
                "--value-prefix",
                Integer.toString(run));
        return KafkaTool.java(VerifiableProducer.class.getName(), arguments).command();
    }

    /// It sends nothing again.
    @Override
    public List<String> refused(List<String> lines) {
        return lines.stream()
                .map(REFUSED::matcher)
                .filter(Matcher::matches)
                .map(matcher -> matcher.group("value"))
                .toList();
    }

    @Override
    public List<String> consume(String topic, String group) {
        List<String> arguments = List.of(
                "--bootstrap-server",
                bootstrap,
                "--topic",
                topic,
                "--group-id",
                group,
                "--reset-policy",
                "earliest",
                "--session-timeout",
                "10000",
                "--group-protocol",
                "classic",
                "--verbose");
        return KafkaTool.java(VerifiableConsumer.class.getName(), arguments).command();
    }

    @Override
    public Pattern line() {
        return LINE;
    }
}
