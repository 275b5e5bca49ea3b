/// Which instances of which service live where: by configuration, or by watching pods.
@NullMarked
package io.millrace.api.instances;

import org.jspecify.annotations.NullMarked;
