package io.millrace.e2e.coverage;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.e2e.client.RawConnection;
import io.millrace.e2e.cluster.Checkout;
import io.millrace.e2e.cluster.MillraceCluster;
import io.millrace.e2e.cluster.Service;
import io.millrace.e2e.cluster.WithCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Whatever `ApiVersions` advertises has a test of its effect, in each version; an API without one fails the build.
///
/// Source: failure F28 (answers that say it was done and nothing was).
@WithCluster
final class ApiEffectsIT {
    private static final List<Service> LISTENERS = List.of(Service.INGEST, Service.FETCH, Service.OFFSET_COORDINATOR);

    private final MillraceCluster cluster;
    private final Map<ApiKeys, Effect> effects = new EnumMap<>(ApiKeys.class);

    /// One line of what a listener advertises.
    record Advertised(ApiKeys api, int oldest, int newest) implements Comparable<Advertised> {
        @Override
        public int compareTo(Advertised other) {
            return api.compareTo(other.api);
        }
    }

    ApiEffectsIT(MillraceCluster cluster) {
        this.cluster = cluster;
        effects.putAll(ClusterEffects.all());
        effects.putAll(TopicEffects.all());
        effects.putAll(RecordEffects.all());
        effects.putAll(GroupEffects.all());
        effects.putAll(StreamsEffects.all());
        effects.putAll(OffsetEffects.all());
        effects.putAll(ConfigEffects.all());
        effects.putAll(StorageEffects.all());
        effects.putAll(SecurityEffects.all());
    }

    @TestFactory
    Stream<DynamicTest> eachAdvertisedVersionHasItsEffect() {
        return advertised(Service.INGEST).stream()
                .flatMap(line -> IntStream.rangeClosed(line.oldest(), line.newest())
                        .mapToObj(version -> DynamicTest.dynamicTest(
                                line.api().name + " v" + version, () -> show(line.api(), version))));
    }

    @Test
    void everyListenerAdvertisesTheSame() {
        List<Advertised> expected = List.copyOf(advertised(Service.INGEST));

        assertThat(LISTENERS)
                .allSatisfy(listener -> assertThat(advertised(listener)).containsExactlyElementsOf(expected));
    }

    @Test
    void noUnstableVersionIsAdvertised() {
        assertThat(advertised(Service.INGEST))
                .allSatisfy(line -> assertThat((short) line.newest())
                        .isLessThanOrEqualTo(line.api().latestVersion(false)));
    }

    @Test
    void theDocumentListsWhatIsAdvertised() throws IOException {
        String document = Files.readString(Checkout.path("docs/kafka-coverage.md"));
        List<Advertised> documented = CoverageDocument.parse(document);

        assertThat(documented).containsExactlyInAnyOrderElementsOf(advertised(Service.INGEST));
    }

    private void show(ApiKeys api, int version) {
        Effect effect = effects.get(api);
        assertThat(effect).as("a test of the effect of %s", api.name).isNotNull();
        try (Scene scene = new Scene(cluster)) {
            java.util.Objects.requireNonNull(effect).show(scene, version);
            assertThat(scene.hasUsed(api, version))
                    .as("the effect of %s was shown with version %s", api.name, version)
                    .isTrue();
        }
    }

    private SortedSet<Advertised> advertised(Service listener) {
        try (RawConnection connection = RawConnection.open(cluster.kafka(listener))) {
            ApiVersionsResponseData answer = connection.call(
                    new ApiVersionsRequestData().setClientSoftwareName("raw").setClientSoftwareVersion("1"),
                    3,
                    ApiVersionsResponseData.class);
            assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.NONE);
            SortedSet<Advertised> lines = new TreeSet<>();
            answer.apiKeys()
                    .forEach(each -> lines.add(
                            new Advertised(ApiKeys.forId(each.apiKey()), each.minVersion(), each.maxVersion())));
            return lines;
        }
    }
}
