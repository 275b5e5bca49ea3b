package io.millrace.kafkatests;

/// Chooses what the tests run against: Millrace, or Kafka with `-Dkafka.tests.target=kafka`.
final class Targets {
    private static final String NAME = System.getProperty("kafka.tests.target", "millrace");
    private static final Target CURRENT = chosen();

    private Targets() {}

    static boolean isKafka() {
        return NAME.equals("kafka");
    }

    static Target current() {
        return CURRENT;
    }

    private static Target chosen() {
        return switch (NAME) {
            case "millrace" -> new MillraceTarget();
            case "kafka" -> new KafkaTarget();
            default -> throw new IllegalArgumentException("kafka.tests.target is " + NAME);
        };
    }
}
