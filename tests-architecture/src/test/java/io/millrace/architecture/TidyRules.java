package io.millrace.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The rules of style that a parser can check, over one file or over all.
final class TidyRules {

    private static final int LINES_MAX = 400;
    private static final int TEST_LINES_MAX = 600;
    private static final Pattern OPEN_END = Pattern.compile("\\b(TO" + "DO|FIX" + "ME)\\b(?!.*#\\d)");

    private TidyRules() {}

    static List<Finding> check(SourceFile... files) {
        return check(List.of(files));
    }

    static List<Finding> check(List<SourceFile> files) {
        var findings = new ArrayList<Finding>();
        var parsed = ParsedFile.ofAll(files);
        for (var index = 0; index < files.size(); index++) {
            var file = files.get(index);
            checkLength(file, findings);
            findings.addAll(openEnds(file));
            TidyScanner.scan(file, parsed.get(index), findings);
        }
        return findings;
    }

    /// Work that is left open needs an issue that says so.
    static List<Finding> openEnds(SourceFile file) {
        var findings = new ArrayList<Finding>();
        var number = 0;
        for (var line : file.text().lines().toList()) {
            number++;
            if (OPEN_END.matcher(line).find()) {
                findings.add(new Finding(file.path(), number, "open end without issue", line.strip()));
            }
        }
        return findings;
    }

    /// Java files whose package is not marked as free of nulls. A test package may be marked by the main package of the
    /// same name in its module.
    static List<Finding> unmarkedPackages(List<SourceFile> files) {
        var marked = files.stream()
                .filter(file -> file.isPackageInfo() && file.text().contains("@NullMarked"))
                .map(SourceFile::directory)
                .collect(Collectors.toSet());
        return files.stream()
                .filter(file -> !marked.contains(file.directory()))
                .filter(file -> !marked.contains(file.directory().replace("src/test/", "src/main/")))
                .map(file -> new Finding(file.path(), 1, "package without @NullMarked", file.packageName()))
                .toList();
    }

    private static void checkLength(SourceFile file, List<Finding> findings) {
        var linesMax = file.isTest() ? TEST_LINES_MAX : LINES_MAX;
        if (file.lineCount() > linesMax) {
            findings.add(new Finding(file.path(), linesMax, "long file", file.lineCount() + " lines"));
        }
    }
}
