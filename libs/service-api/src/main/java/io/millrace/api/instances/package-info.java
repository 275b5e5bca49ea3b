/// Which instances of which service answer now: by configuration, or by watching pods. Front door: [Instances].
@NullMarked
package io.millrace.api.instances;

import org.jspecify.annotations.NullMarked;
