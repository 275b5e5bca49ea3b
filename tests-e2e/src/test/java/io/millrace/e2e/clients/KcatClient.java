package io.millrace.e2e.clients;

import io.millrace.e2e.client.Program;
import java.util.ArrayList;
import java.util.List;

/// librdkafka's tool.
record KcatClient(String bootstrap) implements Client {

    @Override
    public String id() {
        return "kcat";
    }

    @Override
    public String name() {
        return "kcat";
    }

    @Override
    public String version() {
        return Program.run(new ProcessBuilder("kcat", "-V")).stream()
                .filter(line -> line.startsWith("Version "))
                .map(line -> line.replaceFirst("^Version (\\S+) .*librdkafka (\\S+?)[ ,)].*", "$1, librdkafka $2"))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public Retries retries() {
        return Retries.WRITE_ONCE;
    }

    @Override
    public List<String> produce(String topic, int run, int count) {
        return kcat("-P", "-t", topic, "-X", "enable.idempotence=true", "-X", "message.timeout.ms=180000", "-E");
    }

    @Override
    public List<String> consume(String topic, String group) {
        List<String> command = kcat("-G", group, "-E", "-q", "-u", "-f", "%p %o %s\\n");
        command.addAll(List.of("-X", "auto.offset.reset=earliest", "-X", "auto.commit.interval.ms=500"));
        command.addAll(List.of("-X", "session.timeout.ms=10000", topic));
        return command;
    }

    private List<String> kcat(String... arguments) {
        List<String> command = new ArrayList<>(List.of("kcat", "-b", bootstrap));
        command.addAll(List.of(arguments));
        return command;
    }
}
