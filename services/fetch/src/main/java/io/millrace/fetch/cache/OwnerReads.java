package io.millrace.fetch.cache;

import io.millrace.api.feed.TailFeed;
import io.millrace.api.http.ReadService;
import io.millrace.model.ReadOutcome;
import io.millrace.model.ReadRequest;
import io.millrace.model.Watermarks;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;

/// Reads of the owner whose answers never go back behind what this node told before: the feed may have told
/// more while an answer was on its way, and must not tell less afterwards.
///
/// "Nothing is there" that is no longer true when it arrives is asked for once more: with the later
/// watermarks alone, the reader would wait for what comes after records that it does not have.
///
/// Threads: all methods from any thread. Units: record offsets, bytes.
public final class OwnerReads implements ReadService {

    private final ReadService owner;
    private final TailFeed feed;

    public OwnerReads(ReadService owner, TailFeed feed) {
        this.owner = owner;
        this.feed = feed;
    }

    @Override
    public Uni<List<ReadOutcome>> read(List<ReadRequest> requests, long totalBytesMax) {
        return owner.read(requests, totalBytesMax).flatMap(answers -> current(requests, answers, totalBytesMax));
    }

    private Uni<List<ReadOutcome>> current(List<ReadRequest> requests, List<ReadOutcome> answers, long totalBytesMax) {
        List<ReadOutcome> outcomes = new ArrayList<>();
        List<Integer> outdated = new ArrayList<>();
        long left = totalBytesMax;
        for (int i = 0; i < answers.size(); i++) {
            ReadRequest request = requests.get(i);
            ReadOutcome outcome = observed(request, answers.get(i));
            if (isNothing(request, answers.get(i)) && !isNothing(request, outcome)) {
                outdated.add(i);
            }
            left -= outcome instanceof ReadOutcome.Batches page ? page.sizeInBytes() : 0;
            outcomes.add(outcome);
        }
        return outdated.isEmpty()
                ? Uni.createFrom().item(outcomes)
                : askedAgain(requests, outcomes, outdated, Math.max(0, left));
    }

    private Uni<List<ReadOutcome>> askedAgain(
            List<ReadRequest> requests, List<ReadOutcome> outcomes, List<Integer> outdated, long bytesMax) {
        List<ReadRequest> again = outdated.stream().map(requests::get).toList();
        return owner.read(again, bytesMax).map(answers -> {
            for (int i = 0; i < answers.size(); i++) {
                outcomes.set(outdated.get(i), observed(again.get(i), answers.get(i)));
            }
            return outcomes;
        });
    }

    /// The answer with the latest watermarks that are known.
    private ReadOutcome observed(ReadRequest request, ReadOutcome answer) {
        return switch (answer) {
            case ReadOutcome.Batches(var batches, Watermarks watermarks) ->
                new ReadOutcome.Batches(batches, feed.observed(request.partitionId(), watermarks));
            case ReadOutcome.OutOfRange(Watermarks watermarks) ->
                new ReadOutcome.OutOfRange(feed.observed(request.partitionId(), watermarks));
            case ReadOutcome.Refused _, ReadOutcome.Unknown _ -> answer;
        };
    }

    /// Whether the partition ends at or before the offset, as the watermarks say.
    private static boolean isNothing(ReadRequest request, ReadOutcome outcome) {
        return switch (outcome) {
            case ReadOutcome.Batches(var batches, Watermarks watermarks) ->
                batches.isEmpty() && watermarks.highWatermark() <= request.fromOffset();
            case ReadOutcome.OutOfRange(Watermarks watermarks) -> watermarks.highWatermark() < request.fromOffset();
            case ReadOutcome.Refused _, ReadOutcome.Unknown _ -> false;
        };
    }
}
