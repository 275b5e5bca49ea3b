/// Who the services are: [ServiceKind] and [Instance], and small types that all conversations between them share.
///
/// What they say to each other is in `io.millrace.api.http`, what they know of the store in `io.millrace.api.feed`, how
/// they find each other in `io.millrace.api.instances`.
@NullMarked
package io.millrace.api;

import org.jspecify.annotations.NullMarked;
