package io.millrace.ingest.kafka;

import io.millrace.model.RecordBatch;
import io.millrace.model.Refusal;
import java.util.List;

/// What the validation of one batch found.
///
/// Threads: immutable. Source: KIP-467 for the errors of single records.
sealed interface Validation {

    /// The batch may be stored.
    ///
    /// @param batch what to append: the batch as it came, unless the topic asks for another compression
    record Valid(RecordBatch batch) implements Validation {}

    /// The batch may not be stored, and nothing of it is.
    ///
    /// @param recordProblems which records are to blame; empty if the batch as a whole is
    record Rejected(Refusal refusal, String message, List<RecordProblem> recordProblems) implements Validation {

        public Rejected {
            recordProblems = List.copyOf(recordProblems);
        }

        Rejected(Refusal refusal, String message) {
            this(refusal, message, List.of());
        }
    }

    /// What is wrong with one record.
    ///
    /// @param index of the record in its batch
    record RecordProblem(int index, String message) {

        @Override
        public String toString() {
            return "RecordError(batchIndex=" + index + ", message='" + message + "')";
        }
    }
}
