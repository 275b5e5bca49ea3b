package io.millrace.runtime.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// The body of every REST error.
///
/// Threads: immutable. Source: RFC 9457.
///
/// @param type a URN that names the kind of problem
/// @param title the kind of problem, in words
/// @param status the HTTP status again
/// @param detail what was wrong with this request
/// @param traceId by which this request is found in the logs and traces of all services
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(description = "An error, as RFC 9457 describes it")
public record Problem(
        String type,
        String title,
        int status,
        String detail,
        @Nullable String traceId) {

    /// The media type of a problem.
    public static final String MEDIA_TYPE = "application/problem+json";

    Problem(String type, String title, int status, String detail) {
        this(type, title, status, detail, null);
    }

    Problem withTraceId(@Nullable String id) {
        return new Problem(type, title, status, detail, id);
    }
}
