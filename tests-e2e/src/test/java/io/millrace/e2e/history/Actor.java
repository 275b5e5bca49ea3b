package io.millrace.e2e.history;

/// Somebody who makes events until closed.
///
/// Errors: `close` throws what ended it before.
interface Actor extends AutoCloseable {

    @Override
    void close();
}
