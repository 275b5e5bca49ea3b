/// What the REST interfaces of all services have in common: errors as `application/problem+json`, the cluster, trace
/// ids.
///
/// Front door: [Problems], the one place where a refusal becomes an HTTP status.
@NullMarked
package io.millrace.runtime.rest;

import org.jspecify.annotations.NullMarked;
