package io.millrace.mutants;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectPackage;

import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.discovery.ClassNameFilter;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/// Runs the engine's tests with whatever engine is on the class path, and ends with the first that fails.
final class SuiteMain {

    static final int GREEN = 0;
    static final int RED = 1;
    private static final int NO_TESTS = 2;

    private SuiteMain() {}

    public static void main(String[] packages) {
        LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request()
                .filters(ClassNameFilter.includeClassNamePatterns(".*(Test|Simulation)"));
        for (String name : packages) {
            request.selectors(selectPackage(name));
        }
        FirstFailure listener = new FirstFailure();
        LauncherDiscoveryRequest all = request.build();
        LauncherFactory.create().execute(all, listener);
        System.exit(listener.testCount == 0 ? NO_TESTS : GREEN);
    }

    private static final class FirstFailure implements TestExecutionListener {

        private long testCount;

        @Override
        public void testPlanExecutionStarted(TestPlan plan) {
            testCount = plan.countTestIdentifiers(TestIdentifier::isTest);
        }

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (result.getStatus() == Status.FAILED) {
                result.getThrowable().ifPresent(System.out::println);
                System.out.println(
                        "found by " + test.getUniqueId().replaceAll(".*class:io.millrace|[\\[\\]()]|method:", ""));
                System.out.flush();
                Runtime.getRuntime().halt(RED);
            }
        }
    }
}
