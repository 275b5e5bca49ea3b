package io.millrace.kafka.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.model.Catalog;
import io.millrace.model.QuotaEntity;
import io.millrace.model.Resource;
import io.millrace.model.ResourceConfigs;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ClientQuotasTest {

    private static final String PRODUCE = ResourceConfigs.PRODUCER_BYTE_RATE;
    private static final String FETCH = ResourceConfigs.CONSUMER_BYTE_RATE;
    private static final Optional<String> OTHERS = Optional.empty();

    private final Map<Resource, Map<String, String>> resources = new HashMap<>();
    private long nowNanos = 5;
    private Catalog catalog = Catalog.of("c", 1, 1, List.of());
    private final ClientQuotas quotas = new ClientQuotas(
            () -> catalog, () -> nowNanos, new ClientQuotas.Options(Duration.ofSeconds(10), Duration.ofSeconds(30), 3));

    @Test
    void withoutAQuotaEverybodyIsFree() {
        assertThat(quotas.throttleMillis("a", PRODUCE, 1L << 40)).isZero();
    }

    @Test
    void aWindowsWorthIsFreeAndWhatIsMoreHasToBeWaitedFor() {
        set(client("a"), PRODUCE, 1_000);

        assertThat(quotas.throttleMillis("a", PRODUCE, 10_000)).isZero();
        assertThat(quotas.throttleMillis("a", PRODUCE, 500)).isEqualTo(500);
        assertThat(quotas.throttleMillis("a", PRODUCE, 500)).isEqualTo(1_000);
    }

    @Test
    void theBucketFillsAtTheQuotasRateAndNoHigherThanAWindow() {
        set(client("a"), PRODUCE, 1_000);
        quotas.throttleMillis("a", PRODUCE, 12_000);

        pass(Duration.ofSeconds(5));
        assertThat(quotas.throttleMillis("a", PRODUCE, 3_000)).isZero();

        pass(Duration.ofDays(1));
        assertThat(quotas.throttleMillis("a", PRODUCE, 10_001)).isEqualTo(1);
    }

    @Test
    void aWaitHasABound() {
        set(client("a"), PRODUCE, 1_000);

        assertThat(quotas.throttleMillis("a", PRODUCE, 1L << 40)).isEqualTo(30_000);
        pass(Duration.ofSeconds(30));
        assertThat(quotas.throttleMillis("a", PRODUCE, 0)).isZero();
    }

    @Test
    void producingAndFetchingAreCountedApart() {
        set(client("a"), PRODUCE, 1_000);
        set(client("b"), FETCH, 1_000);

        assertThat(quotas.throttleMillis("a", FETCH, 1_000_000)).isZero();
        assertThat(quotas.throttleMillis("a", PRODUCE, 11_000)).isPositive();
    }

    @Test
    void theMostSpecialQuotaWins() {
        set(new QuotaEntity(Map.of("client-id", OTHERS)), PRODUCE, 1);
        set(client("a"), PRODUCE, 2);
        set(new QuotaEntity(Map.of("user", OTHERS)), PRODUCE, 3);
        set(new QuotaEntity(Map.of("user", OTHERS, "client-id", Optional.of("a"))), PRODUCE, 4);
        set(new QuotaEntity(Map.of("user", Optional.of("ANONYMOUS"))), PRODUCE, 5);
        set(new QuotaEntity(Map.of("user", Optional.of("ANONYMOUS"), "client-id", Optional.of("a"))), PRODUCE, 6);
        QuotaTable table = new QuotaTable(catalog.resources());

        assertThat(table.find("ANONYMOUS", "a", PRODUCE).orElseThrow().bytesPerSecond())
                .isEqualTo(6);
        assertThat(table.find("ANONYMOUS", "b", PRODUCE).orElseThrow().bytesPerSecond())
                .isEqualTo(5);
        assertThat(table.find("other", "a", PRODUCE).orElseThrow().bytesPerSecond())
                .isEqualTo(4);
        assertThat(table.find("other", "b", PRODUCE).orElseThrow().bytesPerSecond())
                .isEqualTo(3);
    }

    @Test
    void aQuotaForOthersIsOneForEachAndAQuotaForAUserIsShared() {
        set(new QuotaEntity(Map.of("client-id", OTHERS)), PRODUCE, 1_000);
        assertThat(quotas.throttleMillis("a", PRODUCE, 10_000)).isZero();
        assertThat(quotas.throttleMillis("b", PRODUCE, 10_000)).isZero();

        set(new QuotaEntity(Map.of("user", Optional.of("ANONYMOUS"))), PRODUCE, 1_000);
        assertThat(quotas.throttleMillis("a", PRODUCE, 10_000)).isZero();
        assertThat(quotas.throttleMillis("b", PRODUCE, 10_000)).isEqualTo(10_000);
    }

    @Test
    void aChangedQuotaHoldsAtOnce() {
        set(client("a"), PRODUCE, 1_000);
        quotas.throttleMillis("a", PRODUCE, 20_000);

        set(client("a"), PRODUCE, 1_000_000);
        assertThat(quotas.throttleMillis("a", PRODUCE, 0)).isEqualTo(10);

        resources.clear();
        catalog = Catalog.of("c", 1, 9, List.of(), resources);
        assertThat(quotas.throttleMillis("a", PRODUCE, 1L << 40)).isZero();
    }

    @Test
    void noMoreClientsThanConfiguredAreRemembered() {
        set(new QuotaEntity(Map.of("client-id", OTHERS)), PRODUCE, 1_000);
        quotas.throttleMillis("a", PRODUCE, 10_000);
        for (int i = 0; i < 3; i++) {
            quotas.throttleMillis("other-" + i, PRODUCE, 1);
        }

        assertThat(quotas.throttleMillis("a", PRODUCE, 10_000)).isZero();
    }

    private static QuotaEntity client(String id) {
        return new QuotaEntity(Map.of("client-id", Optional.of(id)));
    }

    private void set(QuotaEntity entity, String quota, double bytesPerSecond) {
        resources.put(
                new Resource(Resource.Kind.CLIENT_QUOTA, entity.resourceName()),
                Map.of(quota, Double.toString(bytesPerSecond)));
        catalog = Catalog.of("c", 1, catalog.version() + 1, List.of(), resources);
    }

    private void pass(Duration time) {
        nowNanos += time.toNanos();
    }
}
