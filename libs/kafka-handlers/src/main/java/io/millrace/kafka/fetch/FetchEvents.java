package io.millrace.kafka.fetch;

/// What fetching tells its service, which makes metrics of it.
///
/// Threads: any; must not block.
public interface FetchEvents {

    /// A fetch was answered.
    ///
    /// @param waitedNanos from the request's arrival to its answer
    void answered(int partitionCount, long recordBytes, long waitedNanos);

    /// So many partitions of one fetch could not be looked up; clients come back.
    void lookUpsFailed(int partitionCount);
}
