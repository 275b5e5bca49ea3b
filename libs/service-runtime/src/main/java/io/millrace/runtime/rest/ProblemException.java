package io.millrace.runtime.rest;

/// Ends a REST request with a problem; thrown only in the REST resources, where the framework takes no other value.
public final class ProblemException extends RuntimeException {

    private final transient Problem problem;

    ProblemException(Problem problem) {
        super(problem.detail(), null, false, false);
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }
}
