package io.millrace.coordinator.kafka;

import static io.millrace.coordinator.kafka.CoordinatorRig.CATALOG;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.coordinator.log.GroupLogOptions;
import io.millrace.coordinator.log.GroupLogStore;
import io.millrace.coordinator.log.GroupStoreException;
import io.millrace.coordinator.log.TestStores;
import io.millrace.kafka.wire.KafkaResponse;
import io.smallrye.mutiny.Uni;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ConsumerGroupDescribeRequest;
import org.apache.kafka.common.requests.ConsumerGroupDescribeResponse;
import org.apache.kafka.common.requests.DescribeGroupsRequest;
import org.apache.kafka.common.requests.DescribeGroupsResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GroupAdminHandlersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /// Of several shards, and one that is of none.
    private static final List<String> ASKED = List.of("a", "b", "c", "d", "e", "f", "g", "h", "");

    @TempDir
    Path directory;

    private GroupLogStore store;
    private CoordinatorRig node;

    @BeforeEach
    void open() throws GroupStoreException {
        store = TestStores.open(directory, CoordinatorRig.SHARDS);
        node = CoordinatorRig.start(
                store.log(
                        new GroupLogOptions(1 << 20, 4, 1 << 20, 64, 1 << 20, PATIENCE, PATIENCE),
                        System::nanoTime,
                        EmbeddedCoordinator::readBatch,
                        failure -> {
                            throw new AssertionError(failure);
                        }),
                CATALOG);
    }

    @AfterEach
    void close() throws GroupStoreException {
        node.close();
        store.close();
    }

    @Test
    void groupsAreDescribedInTheOrderAskedFor() {
        DescribeGroupsRequest request =
                new DescribeGroupsRequest.Builder(new DescribeGroupsRequestData().setGroups(ASKED)).build();

        DescribeGroupsResponse answer = (DescribeGroupsResponse)
                answered(new GroupAdminHandlers(node.groups()).describe(CoordinatorRig.request(request)));

        assertThat(answer.data().groups())
                .extracting(DescribeGroupsResponseData.DescribedGroup::groupId)
                .isEqualTo(ASKED);
    }

    @Test
    void consumerGroupsAreDescribedInTheOrderAskedFor() {
        ConsumerGroupDescribeRequest request = new ConsumerGroupDescribeRequest.Builder(
                        new ConsumerGroupDescribeRequestData().setGroupIds(ASKED))
                .build();

        ConsumerGroupDescribeResponse answer = (ConsumerGroupDescribeResponse)
                answered(new GroupAdminHandlers(node.groups()).describeConsumerGroups(CoordinatorRig.request(request)));

        assertThat(answer.data().groups())
                .extracting(ConsumerGroupDescribeResponseData.DescribedGroup::groupId)
                .isEqualTo(ASKED);
    }

    private static AbstractResponse answered(Uni<KafkaResponse> response) {
        return ((KafkaResponse.Answer) response.await().atMost(PATIENCE)).body();
    }
}
