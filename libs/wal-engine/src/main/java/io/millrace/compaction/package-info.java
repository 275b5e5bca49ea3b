/// Log compaction, pure: of the records with the same key only the last one stays. Front doors: [OffsetMap], which
/// learns where each key was written last, and [Survivors], which decides by it.
///
/// A pass has two halves. The first reads the part of a partition that was not compacted yet (its *dirty* part),
/// oldest first, into an [OffsetMap] of bounded size, as far as it goes, which can be into the middle of a batch.
/// The second copies everything up to there, the part that was compacted before included, and leaves out what the
/// map knows a later record of. Offsets never change; what is left out leaves a gap.
///
/// What is inside of a batch is Kafka's business, compression above all: the engine sees it through [BatchCleaner].
@NullMarked
package io.millrace.compaction;

import org.jspecify.annotations.NullMarked;
