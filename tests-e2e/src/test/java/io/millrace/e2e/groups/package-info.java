/// Consumer groups and their committed offsets.
@NullMarked
package io.millrace.e2e.groups;

import org.jspecify.annotations.NullMarked;
