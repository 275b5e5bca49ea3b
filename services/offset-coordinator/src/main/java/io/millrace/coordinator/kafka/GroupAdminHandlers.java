package io.millrace.coordinator.kafka;

import io.millrace.kafka.handlers.AuthorizedOperations;
import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.kafka.wire.KafkaResponse;
import io.smallrye.mutiny.Uni;
import java.util.List;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ConsumerGroupDescribeRequest;
import org.apache.kafka.common.requests.ConsumerGroupDescribeResponse;
import org.apache.kafka.common.requests.DeleteGroupsRequest;
import org.apache.kafka.common.requests.DeleteGroupsResponse;
import org.apache.kafka.common.requests.DescribeGroupsRequest;
import org.apache.kafka.common.requests.DescribeGroupsResponse;
import org.apache.kafka.common.requests.ListGroupsRequest;
import org.apache.kafka.common.requests.ListGroupsResponse;
import org.apache.kafka.common.utils.BufferSupplier;

/// Looking at groups and deleting them.
///
/// Threads: event loops; never blocks.
final class GroupAdminHandlers {

    private final Groups groups;

    GroupAdminHandlers(Groups groups) {
        this.groups = groups;
    }

    Uni<KafkaResponse> list(KafkaRequest request) {
        ListGroupsRequest list = (ListGroupsRequest) request.body();
        return CoordinatorCall.answer(
                request,
                groups.confirmedOfAll(groups.coordinator().listGroups(GroupRequestContext.of(request), list.data())),
                ListGroupsResponse::new);
    }

    Uni<KafkaResponse> describe(KafkaRequest request) {
        DescribeGroupsRequest describe = (DescribeGroupsRequest) request.body();
        boolean tellsOperations = describe.data().includeAuthorizedOperations();
        return CoordinatorCall.answer(
                request,
                groups.confirmed(
                        describe.data().groups(),
                        groups.coordinator()
                                .describeGroups(
                                        GroupRequestContext.of(request),
                                        describe.data().groups())),
                result -> new DescribeGroupsResponse(new DescribeGroupsResponseData()
                        .setGroups(AskedOrder.of(
                                describe.data().groups(),
                                described(result, tellsOperations),
                                DescribeGroupsResponseData.DescribedGroup::groupId))));
    }

    private static List<DescribeGroupsResponseData.DescribedGroup> described(
            List<DescribeGroupsResponseData.DescribedGroup> groups, boolean tellsOperations) {
        if (tellsOperations) {
            groups.stream()
                    .filter(group -> group.errorCode() == Errors.NONE.code())
                    .forEach(group -> group.setAuthorizedOperations(AuthorizedOperations.GROUP));
        }
        return groups;
    }

    Uni<KafkaResponse> describeConsumerGroups(KafkaRequest request) {
        ConsumerGroupDescribeRequest describe = (ConsumerGroupDescribeRequest) request.body();
        boolean tellsOperations = describe.data().includeAuthorizedOperations();
        return CoordinatorCall.answer(
                request,
                groups.confirmed(
                        describe.data().groupIds(),
                        groups.coordinator()
                                .consumerGroupDescribe(
                                        GroupRequestContext.of(request),
                                        describe.data().groupIds())),
                result -> new ConsumerGroupDescribeResponse(new ConsumerGroupDescribeResponseData()
                        .setGroups(AskedOrder.of(
                                describe.data().groupIds(),
                                consumers(result, tellsOperations),
                                ConsumerGroupDescribeResponseData.DescribedGroup::groupId))));
    }

    private static List<ConsumerGroupDescribeResponseData.DescribedGroup> consumers(
            List<ConsumerGroupDescribeResponseData.DescribedGroup> groups, boolean tellsOperations) {
        if (tellsOperations) {
            groups.stream()
                    .filter(group -> group.errorCode() == Errors.NONE.code())
                    .forEach(group -> group.setAuthorizedOperations(AuthorizedOperations.GROUP));
        }
        return groups;
    }

    Uni<KafkaResponse> delete(KafkaRequest request) {
        DeleteGroupsRequest delete = (DeleteGroupsRequest) request.body();
        return CoordinatorCall.answer(
                request,
                groups.confirmed(
                        delete.data().groupsNames(),
                        groups.coordinator()
                                .deleteGroups(
                                        GroupRequestContext.of(request),
                                        delete.data().groupsNames(),
                                        BufferSupplier.NO_CACHING)),
                result -> new DeleteGroupsResponse(new DeleteGroupsResponseData().setResults(result)));
    }
}
