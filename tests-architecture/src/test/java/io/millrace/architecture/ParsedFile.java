package io.millrace.architecture;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/// A Java file as the compiler's parser sees it; nothing is resolved or compiled.
record ParsedFile(CompilationUnitTree unit, DocTrees trees) {

    static ParsedFile of(SourceFile file) {
        var compiler = ToolProvider.getSystemJavaCompiler();
        var source = new SimpleJavaFileObject(URI.create("string:///" + file.path()), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return file.text();
            }
        };
        var options = List.of("-proc:none");
        var task = (JavacTask) compiler.getTask(null, null, problem -> {}, options, null, List.of(source));
        try {
            return new ParsedFile(task.parse().iterator().next(), DocTrees.instance(task));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot parse " + file.path(), e);
        }
    }
}
