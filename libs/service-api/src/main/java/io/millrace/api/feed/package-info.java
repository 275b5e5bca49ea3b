/// What a service knows of the store from its feeds: [CatalogView], the catalog, and [TailFeed], which wakes readers.
///
/// Both take the messages of a Reactive Messaging channel (connector `millrace-http2`, feeds `catalog` and `tail`);
/// [TailSubscriptions] is the way back, from the readers that wait to the connection that subscribes.
@NullMarked
package io.millrace.api.feed;

import org.jspecify.annotations.NullMarked;
