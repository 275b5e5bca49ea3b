package io.millrace.model;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Whom a client quota is for: names by type (`user`, `client-id`, `ip`), where an empty one means everybody of the
/// type who has no quota of his own.
///
/// Threads: immutable. Source: KIP-546.
public record QuotaEntity(Map<String, Optional<String>> names) {

    public QuotaEntity {
        names = Collections.unmodifiableMap(new TreeMap<>(names));
    }

    /// The entity of a resource's name, as [#resourceName] wrote it.
    public static QuotaEntity parse(String resourceName) {
        Map<String, Optional<String>> names = new TreeMap<>();
        for (String part : resourceName.split("&", -1)) {
            int equals = part.indexOf('=');
            String type = equals < 0 ? part : part.substring(0, equals);
            names.put(
                    type,
                    equals < 0
                            ? Optional.empty()
                            : Optional.of(URLDecoder.decode(part.substring(equals + 1), StandardCharsets.UTF_8)));
        }
        return new QuotaEntity(names);
    }

    /// One text for one entity: `client-id=a&user` for the client a of every other user.
    public String resourceName() {
        return names.entrySet().stream()
                .map(each -> each.getKey()
                        + each.getValue()
                                .map(name -> "=" + URLEncoder.encode(name, StandardCharsets.UTF_8))
                                .orElse(""))
                .collect(Collectors.joining("&"));
    }
}
