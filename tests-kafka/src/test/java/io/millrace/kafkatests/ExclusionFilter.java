package io.millrace.kafkatests;

import java.util.List;
import java.util.SortedSet;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.PostDiscoveryFilter;

/// Keeps what is excluded from running against Millrace, and what does not pass on Kafka either and so says nothing
/// about Millrace; JUnit finds it as a service.
public final class ExclusionFilter implements PostDiscoveryFilter {
    private static final String OURS = "io.millrace.";

    private final List<Exclusion> exclusions = TestLists.exclusions();
    private final SortedSet<TestId> passOnKafka = TestLists.passOnKafka();

    @Override
    public FilterResult apply(TestDescriptor test) {
        if (Targets.isKafka() || !(test.getSource().orElse(null) instanceof MethodSource method)) {
            return FilterResult.included("");
        }
        return judge(method.getClassName(), method.getMethodName());
    }

    FilterResult judge(String className, String methodName) {
        if (className.startsWith(OURS)) {
            return FilterResult.included("");
        }
        if (passOnKafka.stream().noneMatch(test -> test.isOf(className, methodName))) {
            return FilterResult.excluded("does not pass on Kafka");
        }
        return exclusions.stream()
                .filter(each -> each.covers(className, methodName))
                .findFirst()
                .map(each -> FilterResult.excluded(each.reason()))
                .orElse(FilterResult.included(""));
    }
}
