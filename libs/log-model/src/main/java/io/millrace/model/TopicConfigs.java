package io.millrace.model;

import io.millrace.model.ConfigDefinition.Rule;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Every configuration that a topic can have, with its default and its legal values, and what a topic's are.
///
/// Threads: immutable. Source: Kafka 4.3, topic configurations.
public final class TopicConfigs {

    public static final String CLEANUP_POLICY = "cleanup.policy";
    public static final String COMPRESSION_TYPE = "compression.type";
    public static final String MAX_MESSAGE_BYTES = "max.message.bytes";
    public static final String MESSAGE_TIMESTAMP_TYPE = "message.timestamp.type";
    public static final String MESSAGE_TIMESTAMP_BEFORE_MAX_MS = "message.timestamp.before.max.ms";
    public static final String MESSAGE_TIMESTAMP_AFTER_MAX_MS = "message.timestamp.after.max.ms";
    private static final String MIN_INSYNC_REPLICAS = "min.insync.replicas";
    public static final String RETENTION_BYTES = "retention.bytes";
    public static final String RETENTION_MS = "retention.ms";

    private static final String DELETE_RETENTION_MS = "delete.retention.ms";
    private static final String MIN_CLEANABLE_DIRTY_RATIO = "min.cleanable.dirty.ratio";
    private static final String MIN_COMPACTION_LAG_MS = "min.compaction.lag.ms";
    private static final String MAX_COMPACTION_LAG_MS = "max.compaction.lag.ms";
    private static final String REMOTE_STORAGE_ENABLE = "remote.storage.enable";
    private static final String FOREVER = Long.toString(Long.MAX_VALUE);

    private static final Map<String, ConfigDefinition> ALL = new LinkedHashMap<>();

    static {
        words(CLEANUP_POLICY, ConfigDefinition.Type.LIST, "delete", List.of("compact", "delete"), """
                What happens to old records: "delete" removes what retention.ms and retention.bytes no longer cover, \
                "compact" keeps the last record of each key, both do both, and an empty list keeps everything.""");
        gzipLevel();
        number(
                "compression.lz4.level",
                ConfigDefinition.Type.INT,
                "9",
                new Rule.Between(1, 17),
                "The level of lz4, where compression.type is lz4.");
        words(
                COMPRESSION_TYPE,
                ConfigDefinition.Type.STRING,
                "producer",
                List.of("uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"),
                "How stored batches are compressed; \"producer\" keeps what the producer chose.");
        number(
                "compression.zstd.level",
                ConfigDefinition.Type.INT,
                "3",
                new Rule.Between(-131_072, 22),
                "The level of zstd, where it is used.");
        atLeast(DELETE_RETENTION_MS, "86400000", 0, "How long tombstones stay in a compacted topic.");
        atLeast("file.delete.delay.ms", "60000", 0, "Has no effect: files are deleted when no reader needs them.");
        atLeast("flush.messages", FOREVER, 1, "Has no effect: every acknowledged record has been forced to disk.");
        atLeast("flush.ms", FOREVER, 0, "Has no effect: every acknowledged record has been forced to disk.");
        replicas("follower.replication.throttled.replicas");
        number("index.interval.bytes", ConfigDefinition.Type.INT, "4096", from(0), """
                Has no effect: every batch that is not yet sealed has its own index entry.""");
        replicas("leader.replication.throttled.replicas");
        atLeast("local.retention.bytes", "-2", -2, "Has no effect: there is no tiered storage.");
        atLeast("local.retention.ms", "-2", -2, "Has no effect: there is no tiered storage.");
        atLeast(MAX_COMPACTION_LAG_MS, FOREVER, 1, "After this time a record must have been considered by compaction.");
        number(MAX_MESSAGE_BYTES, ConfigDefinition.Type.INT, "1048588", from(0), """
                The largest record batch, after compression, that the topic accepts.""");
        atLeast(MESSAGE_TIMESTAMP_AFTER_MAX_MS, "3600000", 0, """
                How far a record's timestamp may lie ahead of the broker's clock; no matter with LogAppendTime.""");
        atLeast(MESSAGE_TIMESTAMP_BEFORE_MAX_MS, FOREVER, 0, """
                How far a record's timestamp may lie behind the broker's clock; no matter with LogAppendTime.""");
        words(
                MESSAGE_TIMESTAMP_TYPE,
                ConfigDefinition.Type.STRING,
                "CreateTime",
                List.of("CreateTime", "LogAppendTime"),
                "Whether records keep the producer's timestamps or get the time of their append.");
        number(MIN_CLEANABLE_DIRTY_RATIO, ConfigDefinition.Type.DOUBLE, "0.5", new Rule.Between(0, 1), """
                The share of a compacted log that must be uncompacted before compaction starts.""");
        atLeast(MIN_COMPACTION_LAG_MS, "0", 0, "Before this time a record is not compacted away.");
        number(MIN_INSYNC_REPLICAS, ConfigDefinition.Type.INT, "1", from(1), """
                Has no effect: one replica is kept, and a record is on its disk before a producer is answered. More than 1 \
                is refused unless millrace.wal-store.accepted-replication-factor-max says otherwise.""");
        flag("preallocate", "Has no effect: WAL segments are always prepared in advance.");
        flag("remote.log.copy.disable", "Has no effect: there is no tiered storage.");
        flag("remote.log.delete.on.disable", "Has no effect: there is no tiered storage.");
        flag(REMOTE_STORAGE_ENABLE, "Must be false: there is no tiered storage.");
        add(new ConfigDefinition(RETENTION_BYTES, ConfigDefinition.Type.LONG, "-1", new Rule.Any(), "", """
                The size beyond which a partition's oldest records are deleted; it keeps at least as much. -1 for no limit."""));
        atLeast(RETENTION_MS, "604800000", -1, """
                The age since its append beyond which a record is deleted; a timestamp ahead of the append postpones \
                that. -1 for no limit.""");
        number("segment.bytes", ConfigDefinition.Type.INT, "1073741824", from(1_048_576), """
                Has no effect: retention deletes in stretches of at most a sixteenth of a partition.""");
        number("segment.index.bytes", ConfigDefinition.Type.INT, "10485760", from(4), """
                Has no effect: the index has no size of its own.""");
        atLeast("segment.jitter.ms", "0", 0, "Has no effect: segments are not rolled at fixed times.");
        atLeast("segment.ms", "604800000", 1, """
                Has no effect: retention deletes in stretches of at most a sixteenth of a partition's time.""");
        flag("unclean.leader.election.enable", "Must be false in effect: a log never loses what it acknowledged.");
    }

    private TopicConfigs() {}

    /// In alphabetical order.
    public static Collection<ConfigDefinition> all() {
        return Collections.unmodifiableCollection(ALL.values());
    }

    public static Optional<ConfigDefinition> find(String name) {
        return Optional.ofNullable(ALL.get(name));
    }

    /// What is wrong with giving this value to this configuration; empty if nothing is.
    public static Optional<String> problem(String name, String value) {
        ConfigDefinition config = ALL.get(name);
        if (config == null) {
            return Optional.of("Unknown topic config name: " + name);
        }
        if (name.equals(REMOTE_STORAGE_ENABLE) && value.strip().equalsIgnoreCase("true")) {
            return Optional.of("Tiered Storage functionality is disabled in the broker. "
                    + "Topic cannot be configured with remote log storage.");
        }
        return config.problem(value);
    }

    /// What is wrong with these configurations of one topic, one by one and together.
    public static Optional<String> problem(Map<String, String> configs) {
        for (Map.Entry<String, String> config : configs.entrySet()) {
            Optional<String> problem = problem(config.getKey(), config.getValue());
            if (problem.isPresent()) {
                return problem;
            }
        }
        long least = Long.parseLong(value(configs, MIN_COMPACTION_LAG_MS));
        long most = Long.parseLong(value(configs, MAX_COMPACTION_LAG_MS));
        return least > most
                ? Optional.of("conflict topic config setting " + MIN_COMPACTION_LAG_MS + " (" + least + ") > "
                        + MAX_COMPACTION_LAG_MS + " (" + most + ")")
                : Optional.empty();
    }

    /// What the topic has, set or by default.
    public static String value(Topic topic, String name) {
        return value(topic.configs(), name);
    }

    public static int maxMessageBytes(Topic topic) {
        return Integer.parseInt(value(topic, MAX_MESSAGE_BYTES));
    }

    public static boolean isLogAppendTime(Topic topic) {
        return value(topic, MESSAGE_TIMESTAMP_TYPE).equals("LogAppendTime");
    }

    public static long timestampBeforeMaxMillis(Topic topic) {
        return Long.parseLong(value(topic, MESSAGE_TIMESTAMP_BEFORE_MAX_MS));
    }

    public static long timestampAfterMaxMillis(Topic topic) {
        return Long.parseLong(value(topic, MESSAGE_TIMESTAMP_AFTER_MAX_MS));
    }

    /// Negative for no limit.
    public static long retentionMillis(Topic topic) {
        return Long.parseLong(value(topic, RETENTION_MS));
    }

    /// Of each partition; negative for no limit.
    public static long retentionBytes(Topic topic) {
        return Long.parseLong(value(topic, RETENTION_BYTES));
    }

    public static double dirtyRatioMin(Topic topic) {
        return Double.parseDouble(value(topic, MIN_CLEANABLE_DIRTY_RATIO));
    }

    public static long compactionLagMinMillis(Topic topic) {
        return Long.parseLong(value(topic, MIN_COMPACTION_LAG_MS));
    }

    public static long compactionLagMaxMillis(Topic topic) {
        return Long.parseLong(value(topic, MAX_COMPACTION_LAG_MS));
    }

    public static long deleteRetentionMillis(Topic topic) {
        return Long.parseLong(value(topic, DELETE_RETENTION_MS));
    }

    public static String compressionType(Topic topic) {
        return value(topic, COMPRESSION_TYPE);
    }

    public static boolean isCompacted(Topic topic) {
        return ConfigDefinition.elements(value(topic, CLEANUP_POLICY)).contains("compact");
    }

    public static boolean isDeletedByRetention(Topic topic) {
        return ConfigDefinition.elements(value(topic, CLEANUP_POLICY)).contains("delete");
    }

    /// Of configurations that have no [#problem].
    public static int minInsyncReplicas(Map<String, String> configs) {
        return Integer.parseInt(value(configs, MIN_INSYNC_REPLICAS));
    }

    private static String value(Map<String, String> configs, String name) {
        ConfigDefinition config = ALL.get(name);
        if (config == null) {
            throw new IllegalArgumentException("no topic configuration is called " + name);
        }
        return configs.getOrDefault(name, config.defaultValue()).strip();
    }

    private static void gzipLevel() {
        Rule rule = new Rule.MinusOneOrBetween(1, 9);
        add(new ConfigDefinition(
                "compression.gzip.level",
                ConfigDefinition.Type.INT,
                "-1",
                rule,
                "[1,...,9] or -1",
                "The level of gzip, where it is used."));
    }

    private static void words(
            String name, ConfigDefinition.Type type, String defaultValue, List<String> values, String documentation) {
        add(new ConfigDefinition(name, type, defaultValue, new Rule.OneOf(values), values.toString(), documentation));
    }

    private static void number(
            String name, ConfigDefinition.Type type, String defaultValue, Rule.Between range, String documentation) {
        String most = range.most() == Integer.MAX_VALUE ? "" : "," + (long) range.most();
        String form = "[" + (long) range.least() + ",..." + most + "]";
        add(new ConfigDefinition(name, type, defaultValue, range, form, documentation));
    }

    private static Rule.Between from(int least) {
        return new Rule.Between(least, Integer.MAX_VALUE);
    }

    private static void atLeast(String name, String defaultValue, long least, String documentation) {
        Rule rule = new Rule.Between(least, Long.MAX_VALUE);
        add(new ConfigDefinition(
                name, ConfigDefinition.Type.LONG, defaultValue, rule, "[" + least + ",...]", documentation));
    }

    private static void flag(String name, String documentation) {
        add(new ConfigDefinition(name, ConfigDefinition.Type.BOOLEAN, "false", new Rule.Any(), "", documentation));
    }

    private static void replicas(String name) {
        String form = "[partitionId]:[brokerId],[partitionId]:[brokerId],...";
        add(new ConfigDefinition(
                name,
                ConfigDefinition.Type.LIST,
                "",
                new Rule.Replicas(),
                form,
                "Has no effect: replication is not throttled per replica."));
    }

    private static void add(ConfigDefinition config) {
        ALL.put(config.name(), config);
    }
}
