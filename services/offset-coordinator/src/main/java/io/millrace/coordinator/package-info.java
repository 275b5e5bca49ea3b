/// Consumer groups and committed offsets, durable in embedded Infinispan.
///
/// Front doors: [CoordinatorBeans] (the composition root), [CoordinatorNode] (the store, the coordinator and their
/// threads), [CoordinatorLifecycle] (start and stop).
@NullMarked
package io.millrace.coordinator;

import org.jspecify.annotations.NullMarked;
