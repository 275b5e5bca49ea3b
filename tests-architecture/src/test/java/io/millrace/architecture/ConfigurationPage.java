package io.millrace.architecture;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Writes `docs/configuration.md` from the `@ConfigMapping` interfaces: each property, its default and its sentence.
final class ConfigurationPage {

    static final String PATH = "docs/configuration.md";

    private static final String HEAD = """
            # Configuration

            Generated from the code; `ConfigurationPageTest` says how to write it anew. A property is given as a system property
            (`-Dmillrace.node.ordinal=1`), as an environment variable (`MILLRACE_NODE_ORDINAL=1`), or in `config/application.properties` in
            the directory where the service is started; `./millrace` has files of its own for them, see [operations](operations.md). A service
            that is given a name it does not know refuses to start, but for environment variables, which it passes over. Everything of Quarkus itself (`quarkus.http.port`, `quarkus.log.level`, ...)
            can be set in the same ways. `-` means that there is no default: the sentence says what happens then.
            """;

    private final Map<String, Mapping> mappings = new LinkedHashMap<>();
    private final StringBuilder page = new StringBuilder(HEAD);

    /// An interface of properties, with the comments of its methods.
    private record Mapping(ClassTree tree, Map<MethodTree, String> comments, Optional<String> prefix, String path) {}

    private ConfigurationPage() {}

    static String render(List<SourceFile> files) {
        var writer = new ConfigurationPage();
        files.stream()
                .filter(file -> !file.isTest() && file.text().contains("io.smallrye.config"))
                .forEach(writer::collect);
        writer.mappings.values().stream()
                .filter(mapping -> mapping.prefix().isPresent())
                .forEach(writer::section);
        return writer.page.toString();
    }

    private void collect(SourceFile file) {
        var parsed = ParsedFile.of(file);
        var comments = new LinkedHashMap<MethodTree, String>();
        new TreePathScanner<@Nullable Void, String>() {
            @Override
            public @Nullable Void visitClass(ClassTree tree, String path) {
                if (tree.getKind() == Tree.Kind.INTERFACE) {
                    var prefix = annotation(tree.getModifiers().getAnnotations(), "ConfigMapping");
                    mappings.put(tree.getSimpleName().toString(), new Mapping(tree, comments, prefix, path));
                }
                return super.visitClass(tree, path);
            }

            @Override
            public @Nullable Void visitMethod(MethodTree tree, String path) {
                comments.put(tree, comment(parsed, getCurrentPath()));
                return super.visitMethod(tree, path);
            }
        }.scan(parsed.unit(), file.path());
    }

    private static String comment(ParsedFile parsed, TreePath path) {
        var comment = parsed.trees().getDocCommentTree(path);
        return comment == null
                ? ""
                : comment.toString().strip().replaceAll("\\s*\\n\\s*", " ").replace("|", "\\|");
    }

    private void section(Mapping mapping) {
        var service = mapping.path().replaceFirst("^(services|libs)/([^/]*)/.*", "$2");
        page.append(service.equals("service-runtime") ? "\n## All services\n" : "\n## " + service + "\n")
                .append("\n| Property | Default | Meaning |\n| --- | --- | --- |\n");
        rows(mapping.prefix().orElseThrow(), mapping);
    }

    private void rows(String prefix, Mapping mapping) {
        for (var member : mapping.tree().getMembers()) {
            if (member instanceof MethodTree method) {
                row(prefix, method, mapping);
            }
        }
    }

    private void row(String prefix, MethodTree method, Mapping mapping) {
        var annotations = method.getModifiers().getAnnotations();
        var name = annotation(annotations, "WithName")
                .orElseGet(() -> kebab(method.getName().toString()));
        var nested = mappings.get(String.valueOf(method.getReturnType()));
        if (nested != null) {
            rows(prefix + "." + name, nested);
            return;
        }
        var standard = annotation(annotations, "WithDefault")
                .map(value -> "`" + value + "`")
                .orElse("-");
        page.append("| `%s.%s` | %s | %s |\n"
                .formatted(prefix, name, standard, mapping.comments().get(method)));
    }

    private static String kebab(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    }

    /// The one string that an annotation of this name carries.
    private static Optional<String> annotation(List<? extends AnnotationTree> annotations, String name) {
        return annotations.stream()
                .filter(annotation -> annotation.getAnnotationType().toString().equals(name))
                .map(annotation -> annotation.getArguments().stream()
                        .map(ConfigurationPage::text)
                        .collect(Collectors.joining()))
                .findFirst();
    }

    private static String text(ExpressionTree argument) {
        var value = argument instanceof AssignmentTree assignment ? assignment.getExpression() : argument;
        return value instanceof LiteralTree literal ? String.valueOf(literal.getValue()) : "";
    }
}
