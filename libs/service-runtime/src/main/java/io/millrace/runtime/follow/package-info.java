/// What the three services that follow wal-store have in common: the feeds as channels, readiness, start and stop.
///
/// wal-store excludes this package from its beans. Front door: [CatalogFollower].
@NullMarked
package io.millrace.runtime.follow;

import org.jspecify.annotations.NullMarked;
