/// `./millrace wal`: shows what is in the directory of a log that no service works on. Front door: `WalMain`, a
/// program of its own, which starts nothing of the service.
@NullMarked
package io.millrace.walstore.inspect;

import org.jspecify.annotations.NullMarked;
