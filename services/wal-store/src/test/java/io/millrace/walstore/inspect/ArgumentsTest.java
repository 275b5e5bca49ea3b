package io.millrace.walstore.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.model.PartitionId;
import io.millrace.model.TopicId;
import io.millrace.walstore.inspect.Arguments.Action;
import io.millrace.walstore.inspect.Printer.Format;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ArgumentsTest {

    @Test
    void aDumpTakesAPartitionAnOffsetAndAFormat() {
        Arguments arguments = parse("dump --partition eu/orders/3 --from 17 --json /data/wal-store");

        assertThat(arguments.action()).isEqualTo(Action.DUMP);
        assertThat(arguments.directory()).isEqualTo(Path.of("/data/wal-store"));
        assertThat(arguments.partition()).contains(new PartitionChoice("eu/orders", 3, 17));
        assertThat(arguments.format()).isEqualTo(Format.JSON);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "list /data",
                "ls",
                "ls --partition a/1 /data",
                "dump --from 3 /data",
                "dump --partition orders /data",
                "dump --partition orders/-1 /data",
                "dump --partition orders/1 --from x /data",
                "dump /data --partition"
            })
    void whatMakesNoSenseIsRefusedInWords(String words) {
        assertThatThrownBy(() -> parse(words)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"orders", "00112233445566778899aabbccddeeff", "ABEiM0RVZneImaq7zN3u_w"})
    void aPartitionIsFoundByTheNameAndByBothFormsOfTheIdOfItsTopic(String topic) {
        PartitionId partition = new PartitionId(new TopicId(0x0011223344556677L, 0x8899aabbccddeeffL), 3);
        Map<TopicId, String> names = Map.of(partition.topicId(), "orders");

        assertThat(new PartitionChoice(topic, 3, 0).isOf(partition, names)).isTrue();
        assertThat(new PartitionChoice(topic, 4, 0).isOf(partition, names)).isFalse();
        assertThat(new PartitionChoice(topic + "x", 3, 0).isOf(partition, names))
                .isFalse();
    }

    private static Arguments parse(String words) {
        return Arguments.parse(words.isEmpty() ? List.of() : List.of(words.split(" ")));
    }
}
