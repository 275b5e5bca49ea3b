/// Consumer groups and committed offsets, durable in embedded Infinispan.
@NullMarked
package io.millrace.coordinator;

import org.jspecify.annotations.NullMarked;
