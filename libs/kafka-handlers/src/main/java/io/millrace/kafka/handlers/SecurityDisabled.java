package io.millrace.kafka.handlers;

import io.millrace.kafka.listener.RequestHandler;
import java.util.Map;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/// Answers about access control lists and credentials: this cluster has neither, and says so in each place where the
/// answer has room for it.
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
                ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS, NO_SCRAM,
                ApiKeys.ALTER_USER_SCRAM_CREDENTIALS, NO_SCRAM);
    }
}
