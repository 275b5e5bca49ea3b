/// The rules on dependencies and style, checked over all modules.
@NullMarked
package io.millrace.architecture;

import org.jspecify.annotations.NullMarked;
