/// What every service has in common: configuration, start and stop, its place among the instances.
///
/// Front doors: [RuntimeSettings] (the checked configuration), [RuntimeBeans] (the composition root). A service adds a
/// bean of type [io.millrace.api.ServiceKind], and what it serves to the others.
@NullMarked
package io.millrace.runtime;

import org.jspecify.annotations.NullMarked;
