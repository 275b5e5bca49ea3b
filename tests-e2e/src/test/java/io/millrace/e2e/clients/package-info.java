/// Clients that others wrote, each through the same story: produce, consume, a crash of all of Millrace in the
/// middle, and a group that goes on where it was.
///
/// Front door: `ClientsIT`; what came out is in `docs/clients.md`, by `ClientsPage`.
@NullMarked
package io.millrace.e2e.clients;

import org.jspecify.annotations.NullMarked;
