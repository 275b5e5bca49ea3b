package io.millrace.api.feed;

import io.millrace.api.CallFailedException;
import io.millrace.model.Catalog;
import io.millrace.model.Command;
import io.millrace.model.CommandOutcome;
import io.millrace.model.Resource;
import io.millrace.model.Topic;
import io.millrace.model.TopicId;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;

/// Commands to wal-store that are answered once this instance's catalog shows what they did, so that whoever was
/// answered never meets the old catalog here.
///
/// Threads: any. Errors: what was done is answered as done, also when the catalog cannot be had.
public final class TopicCommands {

    private final Function<Command, Uni<CommandOutcome>> store;
    private final CatalogView view;
    private final Duration changeWait;

    /// @param changeWait how long the feed may take to bring a change before wal-store is asked for its catalog
    public TopicCommands(Function<Command, Uni<CommandOutcome>> store, CatalogView view, Duration changeWait) {
        this.store = store;
        this.view = view;
        this.changeWait = changeWait;
    }

    public Uni<CommandOutcome> execute(Command command) {
        Uni<CommandOutcome> outcome = store.apply(command);
        return changesTheCatalog(command) ? outcome.call(this::shown) : outcome;
    }

    private static boolean changesTheCatalog(Command command) {
        return switch (command) {
            case Command.CreateTopic create -> create.mode() == Command.Mode.EXECUTE;
            case Command.CreatePartitions create -> create.mode() == Command.Mode.EXECUTE;
            case Command.AlterTopicConfigs alter -> alter.mode() == Command.Mode.EXECUTE;
            case Command.AlterResource alter -> alter.mode() == Command.Mode.EXECUTE;
            case Command.DeleteTopic _ -> true;
            case Command.DeleteRecords _, Command.DescribeProducers _, Command.AllocateProducerIds _ -> false;
        };
    }

    private Uni<Catalog> shown(CommandOutcome outcome) {
        if (shows(view.catalog(), outcome)) {
            return Uni.createFrom().item(view.catalog());
        }
        return view.changes()
                .filter(catalog -> shows(catalog, outcome))
                .toUni()
                .ifNoItem()
                .after(changeWait)
                .recoverWithUni(view::current)
                .onFailure(CallFailedException.class)
                .recoverWithItem(view::catalog);
    }

    private static boolean shows(Catalog catalog, CommandOutcome outcome) {
        return switch (outcome) {
            case CommandOutcome.TopicStored(Topic topic) ->
                catalog.topic(topic.id()).filter(topic::equals).isPresent();
            case CommandOutcome.TopicDeleted(TopicId topicId) ->
                catalog.topic(topicId).isEmpty();
            case CommandOutcome.ResourceStored(Resource resource, Map<String, String> configs) ->
                catalog.configs(resource).equals(configs);
            case CommandOutcome.RecordsDeleted _,
                    CommandOutcome.ProducerIds _,
                    CommandOutcome.ProducersDescribed _,
                    CommandOutcome.Refused _,
                    CommandOutcome.Unknown _ -> true;
        };
    }
}
