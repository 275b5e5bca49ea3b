/// A schema registry that others wrote, with Millrace as its storage.
@NullMarked
package io.millrace.e2e.registry;

import org.jspecify.annotations.NullMarked;
