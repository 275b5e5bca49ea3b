package io.millrace.api.http;

import io.millrace.api.HostPort;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.Optional;

/// One request that has one answer.
record Call(HttpMethod method, HostPort to, String path, Optional<Buffer> body, Duration deadline) {

    static Call post(HostPort to, String path, WireWriter body, Duration deadline) {
        return new Call(HttpMethod.POST, to, path, Optional.of(body.toBuffer()), deadline);
    }

    @Override
    public String toString() {
        return method + " " + path + " at " + to;
    }
}
