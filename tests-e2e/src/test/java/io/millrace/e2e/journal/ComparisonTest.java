package io.millrace.e2e.journal;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The comparison must see each kind of fault, or the tests that rest on it prove nothing.
final class ComparisonTest {
    private final List<Entry> acknowledged = List.of(entry(0, 0, "a"), entry(1, 1, "b"), entry(2, 2, "c"));
    private final List<Entry> read = new ArrayList<>(acknowledged);

    @Test
    void equalJournalsPass() {
        assertThatCode(() -> Comparison.of(acknowledged, read).assertEqual()).doesNotThrowAnyException();
    }

    @Test
    void aLostRecordIsSeen() {
        read.removeLast();

        assertThatThrownBy(() -> Comparison.of(acknowledged, read).assertAcknowledgedIsSubset())
                .hasMessageContaining("lost: p:2 at t-0@2");
    }

    @Test
    void aHoleIsSeen() {
        read.remove(1);

        assertThatThrownBy(() -> Comparison.of(List.of(), read).assertAcknowledgedIsSubset())
                .hasMessageContaining("expected offset 1, got p:2 at t-0@2");
    }

    @Test
    void otherBytesAreSeen() {
        read.set(1, entry(1, 1, "B"));

        assertThatThrownBy(() -> Comparison.of(acknowledged, read).assertAcknowledgedIsSubset())
                .hasMessageContaining("changed: p:1 at t-0@1");
    }

    @Test
    void aRecordThatNobodyWasPromisedIsSeen() {
        read.add(entry(3, 3, "d"));

        assertThatThrownBy(() -> Comparison.of(acknowledged, read).assertEqual())
                .hasMessageContaining("never acknowledged: p:3");
        assertThatCode(() -> Comparison.of(acknowledged, read).assertAcknowledgedIsSubset())
                .doesNotThrowAnyException();
    }

    @Test
    void aDuplicateIsSeen() {
        read.add(entry(3, 2, "c"));

        assertThatThrownBy(() -> Comparison.of(acknowledged, read).assertAcknowledgedIsSubset())
                .hasMessageContaining("twice: p:2");
    }

    @Test
    void anOffsetThatComesAgainIsSeen() {
        read.add(entry(0, 0, "a"));

        assertThatThrownBy(() -> Comparison.of(acknowledged, read).assertAcknowledgedIsSubset())
                .hasMessageContaining("expected offset 3");
    }

    @Test
    void aChangedOrderIsSeen() {
        List<Entry> swapped = List.of(entry(0, 1, "b"), entry(1, 0, "a"));

        assertThatThrownBy(() -> Comparison.of(swapped, swapped).assertEqual())
                .hasMessageContaining("out of order: p:0");
    }

    private static Entry entry(long offset, long sequence, String value) {
        Hash hash = Hash.of(value.getBytes(StandardCharsets.UTF_8));
        return new Entry(new Place("t", 0, offset), new Origin("p", sequence), hash, 0);
    }
}
