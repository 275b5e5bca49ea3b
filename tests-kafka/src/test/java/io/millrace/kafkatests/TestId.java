package io.millrace.kafkatests;

import java.util.Optional;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestIdentifier;

/// One test of Kafka's: a method, and which of its invocations.
///
/// @param invocation from 1, also for a method that runs once
record TestId(String className, String method, int invocation) implements Comparable<TestId> {

    /// Empty for what is no test, but a class or a method with several invocations.
    static Optional<TestId> of(TestIdentifier identifier) {
        TestSource source = identifier.getSource().orElse(null);
        if (!identifier.isTest() || !(source instanceof MethodSource method)) {
            return Optional.empty();
        }
        UniqueId.Segment last = identifier.getUniqueIdObject().getLastSegment();
        int invocation = last.getValue().startsWith("#")
                ? Integer.parseInt(last.getValue().substring(1))
                : 1;
        return Optional.of(new TestId(method.getClassName(), method.getMethodName(), invocation));
    }

    /// As [#toString] writes it.
    static TestId parse(String text) {
        int hash = text.indexOf('#');
        int bracket = text.indexOf('[');
        if (hash < 0 || bracket < hash || !text.endsWith("]")) {
            throw new IllegalArgumentException("not a test: " + text);
        }
        return new TestId(
                text.substring(0, hash),
                text.substring(hash + 1, bracket),
                Integer.parseInt(text.substring(bracket + 1, text.length() - 1)));
    }

    boolean isOf(String testClass, String testMethod) {
        return className.equals(testClass) && method.equals(testMethod);
    }

    @Override
    public int compareTo(TestId other) {
        int byClass = className.compareTo(other.className);
        int byMethod = byClass != 0 ? byClass : method.compareTo(other.method);
        return byMethod != 0 ? byMethod : Integer.compare(invocation, other.invocation);
    }

    @Override
    public String toString() {
        return className + "#" + method + "[" + invocation + "]";
    }
}
