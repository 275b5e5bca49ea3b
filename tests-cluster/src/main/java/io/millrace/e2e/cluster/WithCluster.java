package io.millrace.e2e.cluster;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/// Gives a test class the cluster that the classes share, as a constructor or method parameter.
///
/// A class may kill and restart what it likes as long as it ends with all four running; if it does not, the next class
/// gets a new cluster. Whoever uses the shared cluster takes topic and group names of its own.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(SharedCluster.class)
public @interface WithCluster {}
