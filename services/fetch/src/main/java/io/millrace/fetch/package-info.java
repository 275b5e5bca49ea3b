/// The service that gives records out: Fetch over Kafka, range reads over the internal port, records over REST.
///
/// Front doors: [FetchBeans] (the composition root), [FetchLifecycle] (start and stop), [RecordsResource] (REST).
/// It keeps nothing: every answer comes from wal-store, and the tail feed only says when to ask again.
@NullMarked
package io.millrace.fetch;

import org.jspecify.annotations.NullMarked;
