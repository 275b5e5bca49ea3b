/// The service that owns the partitions: runs the engine's threads, and serves the log to the other services.
///
/// Front doors: [WalStoreBeans] (the composition root), [StoreOwner] (the log and its threads), [StoreEndpoint] (what
/// the other services ask).
@NullMarked
package io.millrace.walstore;

import org.jspecify.annotations.NullMarked;
