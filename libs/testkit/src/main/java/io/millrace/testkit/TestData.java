package io.millrace.testkit;

/// Where builders begin; meant to be imported statically.
public final class TestData {

    private TestData() {}

    /// A batch of one record with the value "v", without a producer id.
    public static BatchBuilder batch() {
        return new BatchBuilder();
    }
}
