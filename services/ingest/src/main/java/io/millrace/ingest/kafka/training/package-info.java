/// A load for recording start-up caches; no part of the service. Front door: `TrainingLoad`, which `./millrace` runs.
@NullMarked
package io.millrace.ingest.kafka.training;

import org.jspecify.annotations.NullMarked;
