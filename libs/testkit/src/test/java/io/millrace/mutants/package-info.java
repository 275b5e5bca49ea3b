/// Bugs that are planted into a copy of the engine, one at a time, to see that the tests find each of them.
///
/// The bugs are the files in `libs/testkit/mutants`; production code knows nothing of them. Front door:
/// [PlantedMutants], which runs only when it is asked for: `./millrace test --mutants`.
@NullMarked
package io.millrace.mutants;

import org.jspecify.annotations.NullMarked;
