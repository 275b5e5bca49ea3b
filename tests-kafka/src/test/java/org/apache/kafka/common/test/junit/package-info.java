/// Takes the place of the one class of Kafka's test framework that starts a broker.
///
/// It must come first on the class path; the rest of the package is Kafka's.
@NullMarked
package org.apache.kafka.common.test.junit;

import org.jspecify.annotations.NullMarked;
