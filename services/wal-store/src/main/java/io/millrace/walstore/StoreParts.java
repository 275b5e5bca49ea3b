package io.millrace.walstore;

import io.millrace.api.http.FeedPublisher;
import io.millrace.runtime.ProcessExit;

/// What runs the log: its owner, the read threads, the feeds, and the way out when it fails.
record StoreParts(StoreOwner owner, ReadPool pool, FeedPublisher feeds, ProcessExit exit) {}
