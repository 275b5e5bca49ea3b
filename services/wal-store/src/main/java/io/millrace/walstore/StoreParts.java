package io.millrace.walstore;

import io.millrace.runtime.ProcessExit;

/// What runs the log: its owner, the read threads, and the way out when it fails.
record StoreParts(StoreOwner owner, ReadPool pool, ProcessExit exit) {}
