/// Tests of the committer from inside its package.
@NullMarked
package io.millrace.store;

import org.jspecify.annotations.NullMarked;
