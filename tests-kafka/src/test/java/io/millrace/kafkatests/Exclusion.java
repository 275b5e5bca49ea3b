package io.millrace.kafkatests;

/// A test that is left out, which counts as failed.
///
/// @param method `*` for all of the class
/// @param reason what Millrace lacks, or does on purpose in another way
record Exclusion(String className, String method, String reason) {

    /// A line of `exclusions.txt`: class, `#`, method, blanks, reason.
    static Exclusion parse(String line) {
        String[] halves = line.split("\\s+", 2);
        String[] names = halves[0].split("#", -1);
        if (halves.length < 2 || names.length != 2) {
            throw new IllegalArgumentException("an exclusion is CLASS#METHOD REASON, not: " + line);
        }
        return new Exclusion(names[0], names[1], halves[1]);
    }

    boolean covers(String testClass, String testMethod) {
        return className.equals(testClass) && (method.equals("*") || method.equals(testMethod));
    }
}
