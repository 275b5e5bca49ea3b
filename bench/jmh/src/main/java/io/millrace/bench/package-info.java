/// Micro-benchmarks of what is hot: [AppendBenchmark] beside a bare loop, [PartitionsBenchmark], [IndexBenchmark],
/// [RecoveryBenchmark] and [SealingBenchmark].
///
/// `bench/micro` runs them; `MICRO_DIRECTORY` says on which disk.
@NullMarked
package io.millrace.bench;

import org.jspecify.annotations.NullMarked;
