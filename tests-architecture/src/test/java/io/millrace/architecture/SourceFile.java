package io.millrace.architecture;

/// One file: its path from the root of the repository, and its text.
record SourceFile(String path, String text) {

    boolean isTest() {
        return path.contains("src/test/");
    }

    boolean isBenchmark() {
        return path.startsWith("bench/");
    }

    boolean isPackageInfo() {
        return path.endsWith("package-info.java");
    }

    /// The directory, which stands for module, source set and package.
    String directory() {
        return path.contains("/") ? path.substring(0, path.lastIndexOf('/')) : "";
    }

    /// The package of a Java file, read off its path.
    String packageName() {
        return directory().replaceFirst("^.*src/(main|test)/java/", "").replace('/', '.');
    }

    String typeName() {
        return path.substring(path.lastIndexOf('/') + 1).replace(".java", "");
    }

    long lineCount() {
        return text.lines().count();
    }
}
