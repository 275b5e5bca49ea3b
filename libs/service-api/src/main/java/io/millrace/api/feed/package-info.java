/// Feeds as channels of messages: the catalog feed and the tail feed.
@NullMarked
package io.millrace.api.feed;

import org.jspecify.annotations.NullMarked;
