/// Fetch: what a consumer asked for, one range read for all of it, and the wait until there is enough.
///
/// Front door: [FetchHandler], used by fetch and, with another source of records and a [RedirectPolicy] of its
/// own, by ingest. A request becomes a [FetchPlan], [PartitionReader] reads it once, [DelayedFetch] reads again
/// when news come.
@NullMarked
package io.millrace.kafka.fetch;

import org.jspecify.annotations.NullMarked;
