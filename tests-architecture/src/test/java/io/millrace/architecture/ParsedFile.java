package io.millrace.architecture;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/// A Java file as the compiler's parser sees it; nothing is resolved or compiled.
record ParsedFile(CompilationUnitTree unit, DocTrees trees) {

    static ParsedFile of(SourceFile file) {
        return ofAll(List.of(file)).getFirst();
    }

    /// One run of the parser for all files, since each run starts a compiler.
    static List<ParsedFile> ofAll(List<SourceFile> files) {
        var compiler = ToolProvider.getSystemJavaCompiler();
        var sources = files.stream().map(ParsedFile::source).toList();
        var task = (JavacTask) compiler.getTask(null, null, problem -> {}, List.of("-proc:none"), null, sources);
        var trees = DocTrees.instance(task);
        var parsed = new ArrayList<ParsedFile>();
        try {
            task.parse().forEach(unit -> parsed.add(new ParsedFile(unit, trees)));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot parse the sources", e);
        }
        return parsed;
    }

    private static JavaFileObject source(SourceFile file) {
        return new SimpleJavaFileObject(URI.create("string:///" + file.path()), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return file.text();
            }
        };
    }
}
