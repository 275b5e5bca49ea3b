package io.millrace.e2e.clients;

import io.millrace.e2e.client.KafkaTool;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.kafka.common.utils.AppInfoParser;
import org.apache.kafka.tools.ConsoleProducer;
import org.apache.kafka.tools.consumer.ConsoleConsumer;

/// `kafka-console-producer` and `kafka-console-consumer`.
record ConsoleTools(String bootstrap) implements Client {
    private static final Pattern LINE =
            Pattern.compile("Partition:(?<partition>\\d+)\tOffset:(?<offset>\\d+)\t(?<value>.+)");

    @Override
    public String id() {
        return "console";
    }

    @Override
    public String name() {
        return "kafka-console-producer, kafka-console-consumer";
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
                "--message-send-max-retries",
                "1000000",
                "--max-block-ms",
                "120000",
                "--command-property",
                "delivery.timeout.ms=180000");
        return KafkaTool.java(ConsoleProducer.class.getName(), arguments).command();
    }

    @Override
    public List<String> consume(String topic, String group) {
        List<String> arguments = List.of(
                "--bootstrap-server",
                bootstrap,
                "--topic",
                topic,
                "--group",
                group,
                "--from-beginning",
                "--formatter-property",
                "print.partition=true",
                "--formatter-property",
                "print.offset=true",
                "--command-property",
                "auto.commit.interval.ms=500");
        return KafkaTool.java(ConsoleConsumer.class.getName(), arguments).command();
    }

    @Override
    public Pattern line() {
        return LINE;
    }
}
