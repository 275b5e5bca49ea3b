/// Micro-benchmarks of what is hot: [AppendBenchmark] beside [BareLoopBenchmark].
///
/// After `./mvnw package -pl bench/jmh -am -DskipTests`, run `org.openjdk.jmh.Main` with the module's class path;
/// `-Dmillrace.bench.directory` says on which disk.
@NullMarked
package io.millrace.bench;

import org.jspecify.annotations.NullMarked;
