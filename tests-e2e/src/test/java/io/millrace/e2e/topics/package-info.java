/// Topics and their records, as admin clients and other tools use them.
@NullMarked
package io.millrace.e2e.topics;

import org.jspecify.annotations.NullMarked;
