/// What a user of SmallRye Reactive Messaging would write: lines from the input go to a topic, and what comes from a
/// topic is printed.
@NullMarked
package io.millrace.e2e.messaging;

import org.jspecify.annotations.NullMarked;
