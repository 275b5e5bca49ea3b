package io.millrace.e2e.coverage;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.protocol.ApiKeys;

/// The table of APIs in `docs/kafka-coverage.md`.
final class CoverageDocument {
    private static final Pattern ROW =
            Pattern.compile("\\|\\s*`?(\\w+)`?\\s*\\|.*?\\|?\\s*(\\d+)\\s*(?:-|–|to)\\s*(\\d+)\\s*\\|.*");

    private CoverageDocument() {}

    static List<ApiEffectsIT.Advertised> parse(String document) {
        List<ApiEffectsIT.Advertised> rows = new ArrayList<>();
        document.lines().forEach(line -> {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                rows.add(new ApiEffectsIT.Advertised(
                        api(row.group(1)), Integer.parseInt(row.group(2)), Integer.parseInt(row.group(3))));
            }
        });
        return rows;
    }

    private static ApiKeys api(String name) {
        return Arrays.stream(ApiKeys.values())
                .filter(api -> api.name.equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no API is called " + name));
    }
}
