package io.millrace.kafka.handlers;

import io.millrace.kafka.listener.RequestHandler;
import java.util.Map;
import org.apache.kafka.common.message.DescribeUserScramCredentialsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeUserScramCredentialsResponse;

/// Answers about access control lists and credentials: this cluster has neither, and says so in each place where the
/// answer has room for it.
///
/// Source: KIP-4 (access control lists), KIP-554 (SCRAM credentials).
final class SecurityDisabled {

    private static final RequestHandler NO_AUTHORIZER = request -> Answers.error(
            request, Errors.SECURITY_DISABLED, "This cluster has no authorizer: everybody may do everything.");

    private static final String SASL_IS_OFF = "SASL is not enabled on this cluster: it has no credentials.";

    private static final RequestHandler NO_SCRAM =
            request -> Answers.error(request, Errors.UNSUPPORTED_SASL_MECHANISM, SASL_IS_OFF);

    /// Who asks about all users names none, for which Kafka's request cannot build an error.
    private static final RequestHandler NO_SCRAM_TO_DESCRIBE =
            _ -> Answers.of(new DescribeUserScramCredentialsResponse(new DescribeUserScramCredentialsResponseData()
                    .setErrorCode(Errors.UNSUPPORTED_SASL_MECHANISM.code())
                    .setErrorMessage(SASL_IS_OFF)));

    private SecurityDisabled() {}

    static Map<ApiKeys, RequestHandler> handlers() {
        return Map.of(
                ApiKeys.DESCRIBE_ACLS, NO_AUTHORIZER,
                ApiKeys.CREATE_ACLS, NO_AUTHORIZER,
                ApiKeys.DELETE_ACLS, NO_AUTHORIZER,
                ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS, NO_SCRAM_TO_DESCRIBE,
                ApiKeys.ALTER_USER_SCRAM_CREDENTIALS, NO_SCRAM);
    }
}
