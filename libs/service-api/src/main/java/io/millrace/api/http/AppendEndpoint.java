package io.millrace.api.http;

import io.millrace.model.AppendOutcome;
import io.millrace.model.Catalog;
import io.millrace.model.RecordBatch;
import io.millrace.model.Refusal;
import io.vertx.core.Context;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The owner's end of one append stream: hands batches to the store in the order in which they came, and sends the
/// outcomes of a round back together.
///
/// Threads: the stream's context, but for [#answered], which the store calls on a thread of its own, and [#retire].
final class AppendEndpoint implements StreamPeer {

    private static final Logger LOG = Logger.getLogger(AppendEndpoint.class);

    private static final int SHARD = 0;
    private static final int WRITE_BYTES = 64 * 1_024;

    /// A peer that sends and does not read its answers is not read either.
    private static final int UNSENT_ANSWERS_MAX = 64 * 1_024;

    private final StoreService store;
    private final AppendStreams siblings;
    private final OwnerBytes ownerBytes;
    private final Context context;
    private final Runnable resume;

    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final AtomicInteger unsentAnswers = new AtomicInteger();
    private final AtomicBoolean isScheduled = new AtomicBoolean();

    private @Nullable FramedStream stream;
    private @Nullable AppendSession session;
    private String instance = "";

    AppendEndpoint(StoreService store, AppendStreams siblings, Context context) {
        this.store = store;
        this.siblings = siblings;
        this.ownerBytes = siblings.ownerBytes();
        this.context = context;
        this.resume = () -> context.runOnContext(_ -> resumeIfPossible());
    }

    private record Answer(long correlationId, AppendOutcome outcome) {}

    @Override
    public void opened(FramedStream opened) {
        stream = opened;
    }

    @Override
    public void frame(ByteBuffer frame) {
        int type = frame.get();
        AppendSession current = session;
        if (type == FrameType.OPENING && current == null) {
            accept(WireReader.decode(frame, AppendCodec::readOpening));
        } else if (type == FrameType.APPEND && current != null) {
            append(current, WireReader.decode(frame, AppendCodec::readAppend));
        } else {
            throw WireReader.unknown("frame on the append stream", type);
        }
    }

    @Override
    public void writable() {
        sendAnswers();
    }

    @Override
    public void closed(String why) {
        LOG.infof("append stream closed instance=%s reason=%s", instance, why);
        ownerBytes.forget(resume);
        siblings.remove(instance, this);
        if (session != null) {
            session.close();
        }
    }

    /// A newer stream of the same ingest instance takes over.
    void retire() {
        context.runOnContext(_ -> {
            if (stream != null) {
                stream.close("a newer stream of this instance took over");
            }
        });
    }

    private void accept(AppendCodec.Opening opening) {
        Catalog catalog = store.catalog();
        String problem = problem(opening, catalog);
        WireWriter out = new WireWriter(128);
        if (!problem.isEmpty()) {
            LOG.warnf("append stream rejected instance=%s reason=%s", opening.instance(), problem);
            AppendCodec.writeReply(out, new AppendCodec.Reply.Rejected(Refusal.NOT_OWNER, problem));
            send(out);
            return;
        }
        instance = opening.instance();
        siblings.replace(instance, this);
        session = store.openSession(instance);
        LOG.infof("append stream accepted instance=%s incarnation=%s", instance, opening.incarnation());
        AppendCodec.writeReply(out, new AppendCodec.Reply.Accepted(catalog.clusterId(), catalog.ownerEpoch()));
        send(out);
    }

    private static String problem(AppendCodec.Opening opening, Catalog catalog) {
        if (opening.protocolVersion() != FrameType.PROTOCOL_VERSION) {
            return "protocol version " + opening.protocolVersion() + " where " + FrameType.PROTOCOL_VERSION
                    + " is spoken";
        }
        if (!opening.clusterId().isEmpty() && !opening.clusterId().equals(catalog.clusterId())) {
            return "this is cluster " + catalog.clusterId() + ", not " + opening.clusterId();
        }
        if (opening.shard() != SHARD) {
            return "shard " + opening.shard() + " is not here";
        }
        if (opening.ownerEpochSeen() > catalog.ownerEpoch()) {
            return "owner epoch " + catalog.ownerEpoch() + " is over, " + opening.ownerEpochSeen() + " was seen";
        }
        return "";
    }

    private void append(AppendSession current, AppendCodec.Append append) {
        RecordBatch batch;
        try {
            batch = RecordBatch.view(append.batch());
        } catch (IllegalArgumentException e) {
            answered(
                    append.correlationId(),
                    new AppendOutcome.Refused(Refusal.CORRUPT_BATCH, String.valueOf(e.getMessage())));
            return;
        }
        int charge = PendingAppend.charge(batch);
        ownerBytes.take(charge);
        CompletableFuture<AppendOutcome> answer = current.append(append.partitionId(), batch, append.traceId());
        var _ = answer.handle((outcome, failure) -> {
            ownerBytes.give(charge);
            answered(append.correlationId(), outcome != null ? outcome : unknown(failure));
            return charge;
        });
        pauseIfFull();
    }

    private void pauseIfFull() {
        if (stream != null && (ownerBytes.isFull() || unsentAnswers.get() >= UNSENT_ANSWERS_MAX)) {
            stream.pause();
            ownerBytes.whenRoom(resume);
        }
    }

    private void resumeIfPossible() {
        if (stream == null || stream.isClosed()) {
            return;
        }
        if (ownerBytes.isFull()) {
            ownerBytes.whenRoom(resume);
        } else if (unsentAnswers.get() < UNSENT_ANSWERS_MAX) {
            stream.resume();
        }
    }

    private void answered(long correlationId, AppendOutcome outcome) {
        answers.add(new Answer(correlationId, outcome));
        unsentAnswers.incrementAndGet();
        if (isScheduled.compareAndSet(false, true)) {
            context.runOnContext(_ -> sendAnswers());
        }
    }

    private void sendAnswers() {
        isScheduled.set(false);
        FramedStream target = stream;
        if (target == null || target.isClosed()) {
            answers.clear();
            return;
        }
        boolean wasStuck = unsentAnswers.get() >= UNSENT_ANSWERS_MAX;
        while (target.hasRoom() && !answers.isEmpty()) {
            target.write(nextAnswers().toBuffer());
        }
        if (wasStuck) {
            resumeIfPossible();
        }
    }

    private WireWriter nextAnswers() {
        WireWriter out = new WireWriter(1_024);
        long frame = out.beginFrame();
        out.putByte(FrameType.OUTCOMES);
        Answer answer = answers.poll();
        while (answer != null) {
            unsentAnswers.decrementAndGet();
            AppendCodec.writeOutcome(out, answer.correlationId(), answer.outcome());
            answer = out.size() < WRITE_BYTES ? answers.poll() : null;
        }
        return out.endFrame(frame);
    }

    private void send(WireWriter out) {
        if (stream != null) {
            stream.write(out.toBuffer());
        }
    }

    private static AppendOutcome unknown(@Nullable Throwable failure) {
        return new AppendOutcome.Unknown("the store failed: " + failure);
    }
}
