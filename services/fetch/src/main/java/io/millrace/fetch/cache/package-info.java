/// Records that were read once and are wanted again: what the tail feed pushed, and what was read of the past.
///
/// Front doors: [BatchCache] keeps, [CachedReads] answers from it and asks the owner for the rest, [VerifiedReads]
/// answers those who may not be told "nothing" by a feed that is on its way. Both ask by [OwnerReads], so
/// that no watermark goes back.
@NullMarked
package io.millrace.fetch.cache;

import org.jspecify.annotations.NullMarked;
