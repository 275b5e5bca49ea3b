/// HTTP/2 between the services: client, server, streams with back-pressure.
@NullMarked
package io.millrace.api.http;

import org.jspecify.annotations.NullMarked;
