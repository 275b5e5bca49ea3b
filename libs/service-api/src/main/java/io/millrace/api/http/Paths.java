package io.millrace.api.http;

/// The routes of the internal port.
final class Paths {

    static final String HELLO = "/internal/v1/hello";
    static final String APPEND = "/internal/v1/append";
    static final String READ = "/internal/v1/read";
    static final String OFFSETS = "/internal/v1/offsets";
    static final String SIZES = "/internal/v1/sizes";
    static final String COMMAND = "/internal/v1/command";
    static final String CATALOG = "/internal/v1/catalog";
    static final String CATALOG_FEED = "/internal/v1/catalog-feed";
    static final String TAIL_FEED = "/internal/v1/tail-feed";
    static final String FRAME = "/internal/v1/frame";

    private Paths() {}
}
