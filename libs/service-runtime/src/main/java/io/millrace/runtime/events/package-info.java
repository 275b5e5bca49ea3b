/// Lifecycle and audit events: what an operator reads later to know what happened, apart from metrics and debug logs.
///
/// They leave through the Reactive Messaging channel `events`, whose connector is by default our own `millrace-log`.
/// Front door: [ServiceEvents].
@NullMarked
package io.millrace.runtime.events;

import org.jspecify.annotations.NullMarked;
