package io.millrace.kafkatests;

import java.util.List;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.PostDiscoveryFilter;

/// Keeps what is excluded from running against Millrace; JUnit finds it as a service.
public final class ExclusionFilter implements PostDiscoveryFilter {
    private final List<Exclusion> exclusions = TestLists.exclusions();

    @Override
    public FilterResult apply(TestDescriptor test) {
        if (Targets.isKafka() || !(test.getSource().orElse(null) instanceof MethodSource method)) {
            return FilterResult.included("");
        }
        return exclusions.stream()
                .filter(each -> each.covers(method.getClassName(), method.getMethodName()))
                .findFirst()
                .map(each -> FilterResult.excluded(each.reason()))
                .orElse(FilterResult.included(""));
    }
}
