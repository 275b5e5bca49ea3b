package io.millrace.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class OffsetMapTest {

    private static ByteBuffer key(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void theLastOffsetOfEachKeyIsRemembered() {
        OffsetMap map = new OffsetMap(24 * 4_000);
        Map<String, Long> expected = new HashMap<>();
        SplittableRandom random = new SplittableRandom(9);
        for (long offset = 0; offset < 10_000; offset++) {
            String text = "key" + random.nextInt(2_900);
            expected.put(text, offset);
            map.put(key(text), offset);
        }

        expected.forEach((text, offset) -> assertThat(map.latest(key(text))).isEqualTo(offset));
        assertThat(map.room()).isEqualTo(3_000 - expected.size());
        assertThat(map.latest(key("another"))).isEqualTo(-1);
    }

    @Test
    void itsMemoryIsBoundedAndAQuarterStaysFree() {
        assertThat(new OffsetMap(24 * 1_000).room()).isEqualTo(750);
        assertThat(new OffsetMap(0).room()).isEqualTo(3);
    }

    @Test
    void anEmptyKeyIsAKeyAndAKeyIsNotConsumed() {
        OffsetMap map = new OffsetMap(1_000);
        ByteBuffer key = key("k");

        map.put(key(""), 5);
        map.put(key, 6);

        assertThat(map.latest(key(""))).isEqualTo(5);
        assertThat(key.remaining()).isEqualTo(1);
    }
}
