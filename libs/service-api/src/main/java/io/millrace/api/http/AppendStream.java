package io.millrace.api.http;

import io.millrace.api.Instance;
import io.millrace.api.TraceId;
import io.millrace.api.instances.Instances;
import io.millrace.model.AppendOutcome;
import io.millrace.model.PartitionId;
import io.millrace.model.RecordBatch;
import io.millrace.model.Refusal;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The appends of one ingest instance to the owner of one shard, in the order of the calls.
///
/// A batch is sent at most once. When the stream breaks, everything that was not answered is `Unknown`, also what was
/// still queued here: else later batches of a producer would overtake its retries. What is handed in while there is no
/// stream waits for the next one, up to the deadline of the first that waits.
///
/// Threads: [#append] from any thread; the rest on the stream's context.
final class AppendStream implements StreamPeer {

    private static final Logger LOG = Logger.getLogger(AppendStream.class);

    private static final int SHARD = 0;
    private static final int WRITE_BYTES = 256 * 1_024;
    private static final long TICK_MILLIS = 100;
    private static final int REPLY_BYTES_MAX = 16 << 20;

    private final InternalClient client;
    private final Instance self;
    private final Context context;
    private final ClientStream connection;
    private final InFlightBytes inFlight;
    private final long deadlineTicks;
    private final Queue<PendingAppend> queue = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean isScheduled = new AtomicBoolean();

    private final PendingAppends sent = new PendingAppends();
    private @Nullable FramedStream opened;
    private boolean isAccepted;
    private String clusterId = "";
    private int ownerEpoch;

    /// Written on the context, read by anyone who appends or looks.
    private volatile long tick;

    private volatile boolean isClosed;
    private volatile AppendStreamStatus status = AppendStreamStatus.none();

    AppendStream(InternalClient client, Instances instances, Instance self) {
        AppendOptions options = client.options().append();
        this.client = client;
        this.self = self;
        this.context = EventLoops.next(client.vertx());
        this.inFlight = new InFlightBytes(options.clientBytesInFlight());
        this.deadlineTicks = Math.max(1, options.deadline().toMillis() / TICK_MILLIS);
        ClientStream.Route route = new ClientStream.Route(Paths.APPEND, REPLY_BYTES_MAX);
        this.connection = new ClientStream(client, instances, context, route, this);
    }

    void open() {
        connection.open();
        context.runOnContext(_ -> scheduleTick());
    }

    /// Queues the batch; the order of the calls of a thread is the order on the stream.
    CompletableFuture<AppendOutcome> append(PartitionId partitionId, RecordBatch batch, Optional<TraceId> traceId) {
        int batchBytesMax = client.options().append().batchBytesMax();
        if (batch.sizeInBytes() > batchBytesMax) {
            return refused(Refusal.RECORD_TOO_LARGE, "a batch has at most " + batchBytesMax + " bytes");
        }
        if (isClosed || !inFlight.take(PendingAppend.charge(batch))) {
            return refused(Refusal.OVERLOADED, isClosed ? "this instance stops" : "too many appends are in flight");
        }
        CompletableFuture<AppendOutcome> answer = new CompletableFuture<>();
        queue.add(new PendingAppend(partitionId, batch, traceId, tick + deadlineTicks + 1, answer));
        if (isScheduled.compareAndSet(false, true)) {
            context.runOnContext(_ -> drain());
        }
        return answer;
    }

    InFlightBytes inFlight() {
        return inFlight;
    }

    AppendStreamStatus status() {
        return status.withBytesInFlight(inFlight.used());
    }

    void close() {
        isClosed = true;
        connection.close();
        context.runOnContext(_ -> unknown("this instance stops"));
    }

    @Override
    public void opened(FramedStream stream) {
        opened = stream;
        isAccepted = false;
        WireWriter out = new WireWriter(128);
        AppendCodec.writeOpening(
                out,
                new AppendCodec.Opening(
                        FrameType.PROTOCOL_VERSION, clusterId, SHARD, self.name(), self.incarnation(), ownerEpoch));
        stream.write(out.toBuffer());
    }

    @Override
    public void frame(ByteBuffer frame) {
        int type = frame.get();
        switch (type) {
            case FrameType.ACCEPTED -> accepted(WireReader.decode(frame, AppendCodec::readAccepted));
            case FrameType.REJECTED -> rejected(WireReader.decode(frame, AppendCodec::readRejected));
            case FrameType.OUTCOMES -> outcomes(frame);
            default -> throw WireReader.unknown("frame on the append stream", type);
        }
    }

    @Override
    public void writable() {
        drain();
    }

    @Override
    public void closed(String why) {
        opened = null;
        isAccepted = false;
        // First, or whoever is answered now still reads that the stream stands.
        status = status.disconnected();
        unknown("the append stream closed: " + why);
    }

    private void accepted(AppendCodec.Reply.Accepted reply) {
        clusterId = reply.clusterId();
        ownerEpoch = reply.ownerEpoch();
        isAccepted = true;
        status = status.connected();
        LOG.infof("append stream stands shard=%d ownerEpoch=%d cluster=%s", SHARD, ownerEpoch, clusterId);
        drain();
    }

    private void rejected(AppendCodec.Reply.Rejected reply) {
        LOG.warnf("append stream rejected shard=%d refusal=%s message=%s", SHARD, reply.refusal(), reply.message());
        if (opened != null) {
            opened.close("rejected by the owner: " + reply.message());
        }
    }

    private void outcomes(ByteBuffer frame) {
        WireReader.decode(frame, in -> {
            while (in.remaining() > 0) {
                PendingAppend append = sent.remove(in.readLong());
                AppendOutcome outcome = AppendCodec.readOutcome(in);
                if (append != null) {
                    answer(append, outcome);
                }
            }
            return sent;
        });
        status = status.withAppendsInFlight(sent.size());
    }

    private void drain() {
        isScheduled.set(false);
        if (isClosed) {
            unknown("this instance stops");
        }
        FramedStream stream = opened;
        if (stream == null || !isAccepted) {
            return;
        }
        while (stream.hasRoom() && !queue.isEmpty()) {
            stream.write(nextWrite());
        }
        status = status.withAppendsInFlight(sent.size());
    }

    /// As many queued batches as make one large write.
    private Buffer nextWrite() {
        WireWriter out = new WireWriter(16 * 1_024);
        int batchCount = 0;
        PendingAppend append = queue.poll();
        while (append != null) {
            long correlationId = sent.add(append);
            AppendCodec.writeAppend(out, correlationId, append.partitionId(), append.batch(), append.traceId());
            batchCount++;
            append = out.size() < WRITE_BYTES ? queue.poll() : null;
        }
        status = status.sent(batchCount, out.size());
        return out.toBuffer();
    }

    private void scheduleTick() {
        if (!isClosed) {
            client.vertx().setTimer(TICK_MILLIS, _ -> tick());
        }
    }

    /// Deadlines count our own ticks, so that a process that was stopped itself does not expire everything at once.
    private void tick() {
        long now = tick + 1;
        tick = now;
        sent.removeExpired(now, append -> unknown(append, "no answer within the deadline"));
        PendingAppend oldest = queue.peek();
        if (oldest != null && oldest.expiryTick() <= now) {
            queuedUnknown("wal-store could not be reached within the deadline");
        }
        scheduleTick();
    }

    private void unknown(String why) {
        sent.removeAll(append -> unknown(append, why));
        queuedUnknown(why);
    }

    /// All of them: one that stays would be sent before the retry of one that goes.
    private void queuedUnknown(String why) {
        PendingAppend append = queue.poll();
        while (append != null) {
            unknown(append, why);
            append = queue.poll();
        }
    }

    private void unknown(PendingAppend append, String why) {
        status = status.unknown();
        answer(append, new AppendOutcome.Unknown(why));
    }

    private void answer(PendingAppend append, AppendOutcome outcome) {
        inFlight.give(PendingAppend.charge(append.batch()));
        append.answer().complete(outcome);
    }

    private static CompletableFuture<AppendOutcome> refused(Refusal refusal, String message) {
        return CompletableFuture.completedFuture(new AppendOutcome.Refused(refusal, message));
    }
}
