package io.millrace.kafka.handlers;

import io.millrace.kafka.listener.RequestHandler;
import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.kafka.wire.KafkaResponse;
import io.smallrye.mutiny.Uni;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData.UserName;
import org.apache.kafka.common.message.DescribeUserScramCredentialsResponseData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsResponseData.DescribeUserScramCredentialsResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeUserScramCredentialsRequest;
import org.apache.kafka.common.requests.DescribeUserScramCredentialsResponse;

/// Answers about access control lists and credentials: this cluster has neither, and says so in each place
/// where the answer has room for it. Who only asks for credentials finds none and no error, as in Kafka:
/// `kafka-configs` asks for them whenever it describes users.
///
/// Source: KIP-4 (access control lists), KIP-554 (SCRAM credentials).
final class SecurityDisabled {

    private static final RequestHandler NO_AUTHORIZER = request -> Answers.error(
            request, Errors.SECURITY_DISABLED, "This cluster has no authorizer: everybody may do everything.");

    private static final RequestHandler NO_SCRAM = request -> Answers.error(
            request, Errors.UNSUPPORTED_SASL_MECHANISM, "SASL is not enabled on this cluster: it has no credentials.");

    private SecurityDisabled() {}

    static Map<ApiKeys, RequestHandler> handlers() {
        return Map.of(
                ApiKeys.DESCRIBE_ACLS, NO_AUTHORIZER,
                ApiKeys.CREATE_ACLS, NO_AUTHORIZER,
                ApiKeys.DELETE_ACLS, NO_AUTHORIZER,
                ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS, SecurityDisabled::describeCredentials,
                ApiKeys.ALTER_USER_SCRAM_CREDENTIALS, NO_SCRAM);
    }

    private static Uni<KafkaResponse> describeCredentials(KafkaRequest request) {
        List<UserName> asked =
                ((DescribeUserScramCredentialsRequest) request.body()).data().users();
        Map<String, Integer> users = new LinkedHashMap<>();
        if (asked != null) {
            asked.forEach(user -> users.merge(user.name(), 1, Integer::sum));
        }
        DescribeUserScramCredentialsResponseData data = new DescribeUserScramCredentialsResponseData();
        users.forEach((user, count) -> data.results().add(count == 1 ? notFound(user) : askedTwice(user)));
        return Answers.of(new DescribeUserScramCredentialsResponse(data));
    }

    private static DescribeUserScramCredentialsResult notFound(String user) {
        return new DescribeUserScramCredentialsResult()
                .setUser(user)
                .setErrorCode(Errors.RESOURCE_NOT_FOUND.code())
                .setErrorMessage("Attempt to describe a user credential that does not exist: " + user);
    }

    private static DescribeUserScramCredentialsResult askedTwice(String user) {
        return new DescribeUserScramCredentialsResult()
                .setUser(user)
                .setErrorCode(Errors.DUPLICATE_RESOURCE.code())
                .setErrorMessage(
                        "Cannot describe SCRAM credentials for the same user twice in a single request: " + user);
    }
}
