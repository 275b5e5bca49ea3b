package io.millrace.architecture;

/// A place that breaks a rule.
record Finding(String path, long line, String rule, String detail) {

    @Override
    public String toString() {
        return path + ":" + line + " " + rule + ": " + detail;
    }
}
