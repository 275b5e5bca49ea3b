package io.millrace.api.feed;

/// How much the tail feed tells of a partition.
public enum TailContent {

    /// That its watermarks moved.
    WATERMARKS,

    /// The batches as well, before the watermarks that cover them.
    BATCHES
}
