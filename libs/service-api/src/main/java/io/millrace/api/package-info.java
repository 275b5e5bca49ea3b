/// What the services say to each other: messages and their frames.
@NullMarked
package io.millrace.api;

import org.jspecify.annotations.NullMarked;
