package io.millrace.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PersistentMapTest {

    /// Keys whose hashes meet as often as the test wants.
    private record Key(int number, int hashes) {

        @Override
        public int hashCode() {
            return number % hashes;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 100, 1_000_000})
    void itHoldsWhatAMapHoldsThatChanges(int hashes) {
        SplittableRandom random = new SplittableRandom(hashes);
        Map<Key, Integer> expected = new HashMap<>();
        PersistentMap<Key, Integer> map = PersistentMap.empty();

        for (int i = 0; i < 2_000; i++) {
            Key key = new Key(random.nextInt(300), hashes);
            if (random.nextInt(3) == 0) {
                expected.remove(key);
                map = map.without(key);
            } else {
                expected.put(key, i);
                map = map.with(key, i);
            }
            assertThat(map.get(key)).isEqualTo(expected.get(key));
            assertThat(map).hasSize(expected.size());
        }

        assertThat(map).isEqualTo(expected);
        assertThat(new HashMap<>(map)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 100, 1_000_000})
    void nothingIsLeftOfItWhenEverythingWasTakenOut(int hashes) {
        PersistentMap<Key, Integer> map = PersistentMap.empty();
        for (int i = 0; i < 500; i++) {
            map = map.with(new Key(i, hashes), i);
        }

        for (int i = 0; i < 500; i++) {
            map = map.without(new Key(i, hashes)).without(new Key(i, hashes));
        }

        assertThat(map).isEmpty();
        assertThat(map.entrySet().iterator()).isExhausted();
    }

    @Test
    void anOlderStateStaysWhatItWas() {
        List<PersistentMap<Integer, Integer>> states = new ArrayList<>();
        PersistentMap<Integer, Integer> map = PersistentMap.empty();
        for (int i = 0; i < 100; i++) {
            states.add(map);
            map = map.with(i, i);
        }

        for (int i = 0; i < 100; i += 2) {
            map = map.without(i);
        }

        assertThat(states).extracting(Map::size).startsWith(0, 1, 2).endsWith(98, 99);
        assertThat(states.get(50)).containsEntry(0, 0).doesNotContainKey(50);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1_000_000})
    void theDifferenceIsWhatWasAddedOrReplaced(int hashes) {
        SplittableRandom random = new SplittableRandom(hashes);
        PersistentMap<Key, Integer> before = PersistentMap.empty();
        for (int i = 0; i < 200; i++) {
            before = before.with(new Key(i, hashes), i);
        }
        PersistentMap<Key, Integer> after = before;
        for (int i = 0; i < 20; i++) {
            int number = random.nextInt(300);
            after = after.with(new Key(number, hashes), 1_000 + i).without(new Key(random.nextInt(200), hashes));
        }

        List<Integer> added = after.notIn(before);
        List<Integer> gone = before.notIn(after);

        assertThat(added).containsExactlyInAnyOrderElementsOf(valuesNotIn(after, before));
        assertThat(gone).containsExactlyInAnyOrderElementsOf(valuesNotIn(before, after));
    }

    private static List<Integer> valuesNotIn(Map<Key, Integer> one, Map<Key, Integer> other) {
        return one.entrySet().stream()
                .filter(entry -> !entry.getValue().equals(other.get(entry.getKey())))
                .map(Map.Entry::getValue)
                .toList();
    }

    @Test
    void theDifferenceLooksOnlyAtWhatIsNotShared() {
        List<String> compared = new ArrayList<>();
        record Watched(String name, List<String> seen) {

            @Override
            public boolean equals(Object other) {
                seen.add(name);
                return other instanceof Watched watched && watched.name.equals(name);
            }

            @Override
            public int hashCode() {
                return name.hashCode();
            }
        }
        PersistentMap<Integer, Watched> before = PersistentMap.empty();
        for (int i = 0; i < 10_000; i++) {
            before = before.with(i, new Watched("value-" + i, compared));
        }

        List<Watched> changed = before.with(5, new Watched("other", compared)).notIn(before);

        assertThat(changed).extracting(Watched::name).containsExactly("other");
        assertThat(compared).hasSizeLessThan(64);
    }

    @Test
    void nobodyChangesItInPlace() {
        PersistentMap<Integer, Integer> map =
                PersistentMap.<Integer, Integer>empty().with(1, 1);

        assertThatThrownBy(() -> map.put(2, 2)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> map.remove(1)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> map.entrySet().iterator().next().setValue(2))
                .isInstanceOf(UnsupportedOperationException.class);
    }
}
