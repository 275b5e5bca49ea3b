package io.millrace.ingest;

import io.millrace.api.Instance;
import io.millrace.api.feed.TopicCommands;
import io.millrace.api.http.StoreClient;
import io.millrace.ingest.TopicViews.NewTopic;
import io.millrace.ingest.TopicViews.PartitionView;
import io.millrace.ingest.TopicViews.TopicChange;
import io.millrace.ingest.TopicViews.TopicSummary;
import io.millrace.ingest.TopicViews.TopicView;
import io.millrace.ingest.TopicViews.TopicsView;
import io.millrace.kafka.handlers.ClusterContext;
import io.millrace.kafka.handlers.RoutingView;
import io.millrace.kafka.handlers.StoreSilence;
import io.millrace.kafka.handlers.TopicDirectory;
import io.millrace.model.Command;
import io.millrace.model.Command.ConfigChange;
import io.millrace.model.CommandOutcome;
import io.millrace.model.IsolationLevel;
import io.millrace.model.OffsetOutcome;
import io.millrace.model.OffsetQuery;
import io.millrace.model.PartitionId;
import io.millrace.model.Topic;
import io.millrace.model.TopicId;
import io.millrace.runtime.rest.Problem;
import io.millrace.runtime.rest.Problems;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriBuilder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// Topics, for people and scripts; the rules are those of the Kafka requests, since the owner of the catalog decides on
/// both.
@Path("/api/v1/topics")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "topics")
final class TopicsResource {

    private final TopicLookUp lookUp;
    private final TopicDirectory directory;
    private final ClusterContext cluster;
    private final TopicCommands commands;
    private final StoreClient store;

    TopicsResource(TopicLookUp lookUp, ClusterContext cluster, TopicCommands commands, StoreClient store) {
        this.lookUp = lookUp;
        this.directory = cluster.directory();
        this.cluster = cluster;
        this.commands = commands;
        this.store = store;
    }

    @GET
    @NonBlocking
    @Operation(summary = "All topics, by name")
    @APIResponse(responseCode = "200", description = "The topics that this instance knows of")
    public Uni<TopicsView> list() {
        return directory
                .ready()
                .onFailure(StoreSilence.class)
                .transform(silence -> Problems.unavailable(silence.toString()))
                .map(catalog -> new TopicsView(catalog.topics().values().stream()
                        .sorted(Comparator.comparing(Topic::name))
                        .map(TopicSummary::of)
                        .toList()));
    }

    @POST
    @NonBlocking
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(summary = "Create a topic")
    @APIResponse(responseCode = "201", description = "The topic was created and is durable")
    @APIResponse(
            responseCode = "400",
            description = "The name, a number or a configuration is not valid",
            content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
    @APIResponse(responseCode = "409", description = "There is such a topic already")
    @APIResponse(responseCode = "503", description = "wal-store does not answer, or its disk is full")
    public Uni<Response> create(@Nullable NewTopic body) {
        if (body == null || body.name() == null) {
            throw Problems.invalid("The body names the topic: {\"name\": \"...\"}.");
        }
        Command command = new Command.CreateTopic(
                body.name(),
                body.partitions() == null ? -1 : body.partitions(),
                body.replicationFactor() == null ? -1 : body.replicationFactor(),
                configs(body.configs()),
                Command.Mode.EXECUTE);
        return commands.execute(command).map(outcome -> {
            Topic topic = stored(outcome);
            return Response.created(
                            UriBuilder.fromPath("/api/v1/topics/{topic}").build(topic.name()))
                    .entity(TopicSummary.of(topic))
                    .build();
        });
    }

    @GET
    @NonBlocking
    @Path("/{topic}")
    @Operation(summary = "A topic with its configurations and its partitions' offsets, as the owner has them now")
    @APIResponse(responseCode = "404", description = "There is no such topic")
    public Uni<TopicView> describe(@PathParam("topic") String name) {
        return lookUp.find(name).chain(this::describe);
    }

    @PATCH
    @NonBlocking
    @Path("/{topic}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Change a topic",
            description =
                    "A configuration that is null goes back to its default. The number of partitions can only grow, "
                            + "and records with the same key may then go to another partition than before.")
    @APIResponse(responseCode = "400", description = "A configuration or the number of partitions is not valid")
    @APIResponse(responseCode = "404", description = "There is no such topic")
    public Uni<TopicSummary> alter(@PathParam("topic") String name, @Nullable TopicChange body) {
        List<ConfigChange> changes = body == null ? List.of() : changes(body.configs());
        Integer partitions = body == null ? null : body.partitions();
        if (changes.isEmpty() && partitions == null) {
            throw Problems.invalid("The body has configurations or a number of partitions: "
                    + "{\"configs\": {\"retention.ms\": \"...\"}, \"partitions\": 6}.");
        }
        return lookUp.find(name)
                .chain(topic -> alter(topic, steps(topic.id(), changes, partitions)))
                .map(TopicSummary::of);
    }

    @DELETE
    @NonBlocking
    @Path("/{topic}")
    @Operation(summary = "Delete a topic with all its records")
    @APIResponse(responseCode = "204", description = "The topic is gone")
    @APIResponse(responseCode = "404", description = "There is no such topic")
    public Uni<Response> delete(@PathParam("topic") String name) {
        return lookUp.find(name)
                .chain(topic -> commands.execute(new Command.DeleteTopic(topic.id())))
                .map(outcome -> {
                    if (outcome instanceof CommandOutcome.TopicDeleted) {
                        return Response.noContent().build();
                    }
                    throw problem(outcome);
                });
    }

    private static List<ConfigChange> changes(@Nullable Map<String, @Nullable String> configs) {
        List<ConfigChange> changes = new ArrayList<>();
        if (configs != null) {
            configs.forEach((config, value) -> changes.add(
                    value == null
                            ? new ConfigChange(config, ConfigChange.Operation.DELETE, "")
                            : new ConfigChange(config, ConfigChange.Operation.SET, value)));
        }
        return changes;
    }

    /// Partitions never go away again, so they come last; and first it is asked whether they may be added, so
    /// that who is refused them has not changed a configuration either.
    private static List<Command> steps(TopicId id, List<ConfigChange> changes, @Nullable Integer partitions) {
        List<Command> steps = new ArrayList<>();
        if (!changes.isEmpty() && partitions != null) {
            steps.add(new Command.CreatePartitions(id, partitions, Command.Mode.VALIDATE_ONLY));
        }
        if (!changes.isEmpty()) {
            steps.add(new Command.AlterTopicConfigs(id, changes, Command.Mode.EXECUTE));
        }
        if (partitions != null) {
            steps.add(new Command.CreatePartitions(id, partitions, Command.Mode.EXECUTE));
        }
        return steps;
    }

    private Uni<Topic> alter(Topic topic, List<Command> steps) {
        Uni<Topic> altered = Uni.createFrom().item(topic);
        for (Command step : steps) {
            altered = altered.chain(() -> commands.execute(step)).map(TopicsResource::stored);
        }
        return altered;
    }

    private Uni<TopicView> describe(Topic topic) {
        List<OffsetQuery> queries = new ArrayList<>();
        for (int partition = 0; partition < topic.partitionCount(); partition++) {
            PartitionId id = new PartitionId(topic.id(), partition);
            queries.add(new OffsetQuery.Earliest(id));
            queries.add(new OffsetQuery.Latest(id, IsolationLevel.READ_UNCOMMITTED));
        }
        return store.offsets(queries).map(offsets -> view(topic, offsets));
    }

    private TopicView view(Topic topic, List<OffsetOutcome> offsets) {
        RoutingView routing = cluster.routing().get();
        List<PartitionView> partitions = new ArrayList<>();
        for (int partition = 0; partition < topic.partitionCount(); partition++) {
            Integer leader = routing.leader(new PartitionId(topic.id(), partition))
                    .map(Instance::nodeId)
                    .orElse(null);
            long start = offset(offsets.get(2 * partition));
            long end = offset(offsets.get(2 * partition + 1));
            partitions.add(new PartitionView(partition, leader, start, end));
        }
        return TopicView.of(topic, partitions);
    }

    private static long offset(OffsetOutcome outcome) {
        return switch (outcome) {
            case OffsetOutcome.Found found -> found.offset();
            case OffsetOutcome.Refused refused -> throw Problems.refused(refused.refusal(), refused.message());
            case OffsetOutcome.Unknown unknown -> throw Problems.unavailable(unknown.message());
            case OffsetOutcome.NotFound other -> throw new IllegalStateException("Broken invariant: " + other);
            case OffsetOutcome.InBatch other -> throw new IllegalStateException("Broken invariant: " + other);
        };
    }

    private static Map<String, String> configs(@Nullable Map<String, @Nullable String> given) {
        Map<String, String> configs = new HashMap<>();
        if (given != null) {
            given.forEach((name, value) -> {
                if (value == null) {
                    throw Problems.invalid("The configuration " + name + " is null.");
                }
                configs.put(name, value);
            });
        }
        return configs;
    }

    private static Topic stored(CommandOutcome outcome) {
        if (outcome instanceof CommandOutcome.TopicStored(Topic topic)) {
            return topic;
        }
        throw problem(outcome);
    }

    private static RuntimeException problem(CommandOutcome outcome) {
        return switch (outcome) {
            case CommandOutcome.Refused refused -> Problems.refused(refused.refusal(), refused.message());
            case CommandOutcome.Unknown unknown -> Problems.unknown(unknown.message());
            case CommandOutcome.TopicStored other -> new IllegalStateException("Broken invariant: " + other);
            case CommandOutcome.TopicDeleted other -> new IllegalStateException("Broken invariant: " + other);
            case CommandOutcome.ProducersDescribed other -> new IllegalStateException("Broken invariant: " + other);
            case CommandOutcome.ResourceStored other -> new IllegalStateException("Broken invariant: " + other);
            case CommandOutcome.RecordsDeleted other -> new IllegalStateException("Broken invariant: " + other);
            case CommandOutcome.ProducerIds other -> new IllegalStateException("Broken invariant: " + other);
        };
    }
}
