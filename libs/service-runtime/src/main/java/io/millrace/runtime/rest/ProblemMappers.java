package io.millrace.runtime.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.millrace.api.CallFailedException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/// Gives every failed REST request the same shape of answer.
final class ProblemMappers {

    private static final Logger LOG = Logger.getLogger(ProblemMappers.class);
    private static final int RETRY_AFTER_SECONDS = 1;

    ProblemMappers() {}

    @ServerExceptionMapper
    Response problem(ProblemException failure) {
        return response(failure.problem());
    }

    @ServerExceptionMapper
    Response badJson(JsonProcessingException failure) {
        return response(
                Problems.invalid("The body is not the JSON that is expected here: " + failure.getOriginalMessage())
                        .problem());
    }

    // The framework has a mapper of its own for this subtype, which would win over the one above.
    @ServerExceptionMapper
    Response badShape(MismatchedInputException failure) {
        return badJson(failure);
    }

    @ServerExceptionMapper
    Response unknownProperty(UnrecognizedPropertyException failure) {
        String known = failure.getKnownPropertyIds().stream()
                .map(String::valueOf)
                .sorted()
                .collect(Collectors.joining(", "));
        return response(Problems.invalid("The body has '" + failure.getPropertyName()
                        + "', which is not known here; what is known: " + known + ".")
                .problem());
    }

    @ServerExceptionMapper
    Response peerSilent(CallFailedException failure) {
        return response(Problems.unknown(String.valueOf(failure.getMessage())).problem());
    }

    @ServerExceptionMapper
    Response framework(WebApplicationException failure) {
        if (failure.getCause() instanceof JsonProcessingException json) {
            return badJson(json);
        }
        Response given = failure.getResponse();
        String reason = given.getStatusInfo().getReasonPhrase();
        String detail = failure.getMessage() == null ? reason : failure.getMessage();
        return response(Problems.ofStatus(given.getStatus(), reason, detail));
    }

    // The outermost frame of a REST request: a bug ends this request only, and is logged once, here.
    @ServerExceptionMapper
    Response bug(RuntimeException failure) {
        LOG.errorf(failure, "REST request failed traceId=%s", TraceIds.current().orElse("none"));
        return response(
                Problems.ofStatus(500, "Internal Server Error", "This is a bug; the trace id finds it in the log."));
    }

    private static Response response(Problem problem) {
        Response.ResponseBuilder response = Response.status(problem.status())
                .type(Problem.MEDIA_TYPE)
                .entity(problem.withTraceId(TraceIds.current().orElse(null)));
        if (problem.status() == 503) {
            response.header("Retry-After", RETRY_AFTER_SECONDS);
        }
        return response.build();
    }
}
