package io.millrace.e2e.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.history.Event.Acknowledged;
import io.millrace.e2e.history.Event.Committed;
import io.millrace.e2e.history.Event.CommittedTold;
import io.millrace.e2e.history.Event.EndTold;
import io.millrace.e2e.history.Event.Read;
import io.millrace.e2e.history.Event.Sent;
import io.millrace.e2e.journal.Entry;
import io.millrace.e2e.journal.Hash;
import io.millrace.e2e.journal.Origin;
import io.millrace.e2e.journal.Place;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/// Each rule must see what breaks it, or histories that keep them prove nothing.
final class HistoryCheckTest {
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);
    private static final String GROUP = "g";

    private final History history = new History();
    private long now;

    private Hash hash(long sequence) {
        return Hash.of(Long.toString(sequence).getBytes(StandardCharsets.UTF_8));
    }

    private Entry entry(long offset, long sequence) {
        return new Entry(new Place("t", 0, offset), new Origin("p", sequence), hash(sequence), ++now);
    }

    private void sent(long sequence) {
        history.add(new Sent(new Origin("p", sequence), PARTITION, hash(sequence), ++now));
    }

    private void stored(long offset, long sequence) {
        sent(sequence);
        history.add(new Acknowledged(entry(offset, sequence)));
    }

    private void read(String reader, long offset, long sequence) {
        history.add(new Read(reader, entry(offset, sequence)));
    }

    private void threeRecords(String... readers) {
        for (int i = 0; i < 3; i++) {
            stored(i, i);
            for (String reader : readers) {
                read(reader, i, i);
            }
        }
    }

    private void end(long offset) {
        history.add(new EndTold("ingest", PARTITION, offset, ++now, ++now));
    }

    private List<String> broken() {
        return HistoryCheck.violations(history).stream()
                .map(Violation::rule)
                .distinct()
                .toList();
    }

    @Test
    void aGoodHistoryKeepsAllRules() {
        threeRecords("r", HistoryCheck.LAST_READER);
        end(3);
        history.add(new Committed(GROUP, PARTITION, 2, ++now, ++now));
        history.add(new CommittedTold(GROUP, PARTITION, 2, ++now, ++now));

        assertThat(broken()).isEmpty();
    }

    @Test
    void whatIsLostIsSeen() {
        threeRecords();
        read(HistoryCheck.LAST_READER, 0, 0);
        read(HistoryCheck.LAST_READER, 1, 1);

        assertThat(broken()).containsExactly("what is acknowledged is there in the end");
    }

    @Test
    void whatNobodySentIsSeen() {
        threeRecords(HistoryCheck.LAST_READER);
        read(HistoryCheck.LAST_READER, 3, 99);

        assertThat(broken()).containsExactly("what is read was sent");
    }

    @Test
    void otherBytesAreSeen() {
        threeRecords(HistoryCheck.LAST_READER);
        history.add(new Read("r", new Entry(new Place("t", 0, 0), new Origin("p", 0), hash(77), ++now)));

        assertThat(broken()).containsExactlyInAnyOrder("what is read was sent so", "an offset has one value for ever");
    }

    @Test
    void whatIsThereTwiceIsSeen() {
        threeRecords(HistoryCheck.LAST_READER);
        read(HistoryCheck.LAST_READER, 3, 2);

        assertThat(broken()).containsExactly("a record is there once");
    }

    @Test
    void aGapIsSeen() {
        threeRecords(HistoryCheck.LAST_READER);
        read("r", 0, 0);
        read("r", 2, 2);

        assertThat(broken()).containsExactly("a reader gets each offset once, one after the other");
    }

    @Test
    void aReaderThatIsSentBackIsSeen() {
        threeRecords("r", HistoryCheck.LAST_READER);
        read("r", 2, 2);

        assertThat(broken()).containsExactly("a reader gets each offset once, one after the other");
    }

    @Test
    void aChangedOrderIsSeen() {
        stored(0, 1);
        stored(1, 0);
        read(HistoryCheck.LAST_READER, 0, 1);
        read(HistoryCheck.LAST_READER, 1, 0);

        assertThat(broken()).containsExactly("a producer's records keep their order");
    }

    @Test
    void anEndBelowAnEarlierOneIsSeen() {
        threeRecords(HistoryCheck.LAST_READER);
        end(3);
        end(2);

        assertThat(HistoryCheck.violations(history).getFirst().rule()).isEqualTo("an end never goes back");
    }

    @Test
    void anEndBelowAnAcknowledgedRecordIsSeen() {
        stored(0, 0);
        end(0);
        read(HistoryCheck.LAST_READER, 0, 0);

        assertThat(broken()).containsExactly("an end never goes back");
    }

    @Test
    void answersThatOverlapMayBeInAnyOrder() {
        threeRecords(HistoryCheck.LAST_READER);
        history.add(new EndTold("ingest", PARTITION, 3, 100, 200));
        history.add(new EndTold("fetch", PARTITION, 2, 2, 210));

        assertThat(broken()).isEmpty();
    }

    @Test
    void anEndThatIsNeverReachedIsSeen() {
        threeRecords(HistoryCheck.LAST_READER);
        end(4);

        assertThat(broken()).containsExactly("everything beneath a told end is there in the end");
    }

    @Test
    void aCommittedOffsetThatGoesBackIsSeen() {
        history.add(new Committed(GROUP, PARTITION, 5, 1, 2));
        history.add(new CommittedTold(GROUP, PARTITION, 4, 3, 4));

        assertThat(broken()).containsExactly("a committed offset never goes back");
    }

    @Test
    void theShortestPieceComesFirst() {
        threeRecords();
        end(3);
        end(1);
        read(HistoryCheck.LAST_READER, 0, 0);

        assertThat(HistoryCheck.violations(history).getFirst().piece()).hasSize(1);
        assertThat(HistoryCheck.violations(history).getLast().piece()).hasSize(2);
    }
}
