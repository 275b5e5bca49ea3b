/// Client quotas: how many bytes a second a client may produce to and fetch from one instance.
///
/// Front door: [ClientQuotas]. A client that takes more gets its answer at once, with the time for which it should be
/// silent, and the listener does not read from it for as long (KIP-219).
@NullMarked
package io.millrace.kafka.quota;

import org.jspecify.annotations.NullMarked;
