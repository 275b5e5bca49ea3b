package io.millrace.kafka.listener;

import io.millrace.kafka.wire.KafkaErrors;
import io.millrace.kafka.wire.KafkaRequest;
import io.millrace.kafka.wire.KafkaResponse;
import io.smallrye.mutiny.Uni;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersionCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.jspecify.annotations.Nullable;

/// The one table that says who answers which API: this service, another one, or nobody.
///
/// It answers ApiVersions itself, from the table, unless the table has a route for it.
///
/// Threads: immutable. Errors: an API without a route closes the connection, as Kafka does; a failing handler becomes
/// the API's error in the request's version, or closes the connection when Kafka's code cannot build that error.
public final class ApiRouter implements RequestHandler {

    private final Map<ApiKeys, Route> routes;
    private final ListenerEvents events;

    private ApiRouter(Map<ApiKeys, Route> routes, Map<String, Short> features, ListenerEvents events) {
        EnumMap<ApiKeys, Route> all = new EnumMap<>(ApiKeys.class);
        all.putAll(routes);
        all.putIfAbsent(ApiKeys.API_VERSIONS, new Route.Local(new ApiVersionsHandler(all.keySet(), features)));
        this.routes = Collections.unmodifiableMap(all);
        this.events = events;
    }

    public static Builder builder(ListenerEvents events) {
        return new Builder(events);
    }

    @Override
    public Uni<KafkaResponse> handle(KafkaRequest request) {
        Route route = routes.get(request.api());
        return switch (route) {
            case null -> refused(request);
            case Route.Local(RequestHandler handler) -> guarded(request, handler);
            case Route.Forward(Forwarder forwarder) -> guarded(request, forwarder::forward);
            case Route.Refuse(RequestHandler handler) -> guarded(request, handler);
        };
    }

    /// Answers a frame that another instance passed on; it is never passed on again, or two instances that disagree
    /// about the owner would play ball with it.
    public Uni<KafkaResponse> handleForwarded(KafkaRequest request) {
        Route route = routes.get(request.api());
        return switch (route) {
            case null -> refused(request);
            case Route.Local(RequestHandler handler) -> guarded(request, handler);
            case Route.Forward forward -> Uni.createFrom().item(error(request, Errors.NOT_CONTROLLER.exception()));
            case Route.Refuse(RequestHandler handler) -> guarded(request, handler);
        };
    }

    /// Every API that a client may use here.
    public Set<ApiKeys> apis() {
        return routes.keySet();
    }

    /// The APIs with their versions, as ApiVersions answers them.
    public ApiVersionCollection apiVersions() {
        return ApiVersionsHandler.versions(routes.keySet());
    }

    private Uni<KafkaResponse> guarded(KafkaRequest request, RequestHandler handler) {
        Uni<KafkaResponse> answer;
        try {
            answer = handler.handle(request);
        } catch (RuntimeException e) {
            return Uni.createFrom().item(failed(request, e));
        }
        return answer.onFailure().recoverWithItem(failure -> failed(request, failure));
    }

    private KafkaResponse failed(KafkaRequest request, Throwable failure) {
        events.handlerFailed(request.api().name, request.version(), failure);
        return error(request, KafkaErrors.of(failure).exception());
    }

    /// A request that wants no answer cannot be told of an error but by closing, as Kafka does.
    private KafkaResponse error(KafkaRequest request, @Nullable Throwable failure) {
        AbstractResponse response;
        try {
            response = request.body().getErrorResponse(0, failure);
        } catch (RuntimeException unbuildable) {
            events.handlerFailed(request.api().name, request.version(), unbuildable);
            return new KafkaResponse.Disconnect("an error that has no answer");
        }
        return response == null
                ? new KafkaResponse.Disconnect("a request without an answer failed")
                : new KafkaResponse.Answer(response);
    }

    private static Uni<KafkaResponse> refused(KafkaRequest request) {
        return Uni.createFrom().item(new KafkaResponse.Disconnect("no such API here: " + request.api().name));
    }

    /// Collects the routes of a service. Threads: one.
    public static final class Builder {

        private final EnumMap<ApiKeys, Route> routes = new EnumMap<>(ApiKeys.class);
        private final ListenerEvents events;
        private Map<String, Short> features = Map.of();

        private Builder(ListenerEvents events) {
            this.events = events;
        }

        public Builder route(ApiKeys api, Route route) {
            if (routes.putIfAbsent(api, route) != null) {
                throw new IllegalArgumentException(api + " has a route already");
            }
            return this;
        }

        public Builder local(ApiKeys api, RequestHandler handler) {
            return route(api, new Route.Local(handler));
        }

        public Builder forward(ApiKeys api, Forwarder forwarder) {
            return route(api, new Route.Forward(forwarder));
        }

        public Builder refuse(ApiKeys api, RequestHandler handler) {
            return route(api, new Route.Refuse(handler));
        }

        /// What ApiVersions names as finalized features, for example `group.version` 1.
        public Builder features(Map<String, Short> finalized) {
            features = Map.copyOf(finalized);
            return this;
        }

        public ApiRouter build() {
            return new ApiRouter(routes, features, events);
        }
    }
}
