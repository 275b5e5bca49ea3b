package io.millrace.coordinator.log;

import java.util.concurrent.Executor;
import java.util.function.Consumer;

/// Where folds run and who hears of those that fail.
///
/// @param executor one thread, so that folds never overlap
record FoldThread(Executor executor, Consumer<GroupStoreException> failures) {}
