package io.millrace.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the pages name exists: each `TypeName` and each path to a file.
final class ArchitecturePageTest {

    private static final Pattern TYPE_NAME =
            Pattern.compile("`([A-Z][a-z0-9]\\w*[A-Z]\\w*|[A-Z][a-z]\\w+)(?:\\.\\w+\\(?\\)?)?`");
    private static final Pattern DECLARATION =
            Pattern.compile("\\b(?:class|interface|record|enum|@interface)\\s+([A-Z]\\w*)");
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:|#)([^)#]+)");

    private final SourceTree tree = SourceTree.ofThisRepository();

    @Test
    void everyTypeThatArchitectureNamesExists() {
        var page = tree.file(tree.root().resolve("ARCHITECTURE.md"));

        assertThat(namesIn(page.text())).isNotEmpty().isSubsetOf(declaredTypes());
    }

    @Test
    void aNameThatNobodyDeclaresIsFound() {
        assertThat(namesIn("the `PartitionOfDreams` and the `Partition.of()` of it"))
                .contains("PartitionOfDreams", "Partition");
        assertThat(declaredTypes()).contains("SourceTree").doesNotContain("PartitionOfDreams");
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "docs/operations.md"})
    void linksLeadToFiles(String page) {
        var directory = Path.of(page).getParent();
        var base = directory == null ? tree.root() : tree.root().resolve(directory);

        var dead = LINK.matcher(tree.file(tree.root().resolve(page)).text())
                .results()
                .map(match -> match.group(1))
                .filter(link -> !Files.exists(base.resolve(link)));

        assertThat(dead).isEmpty();
    }

    private static Set<String> namesIn(String page) {
        return TYPE_NAME
                .matcher(page)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Set<String> declaredTypes() {
        var names = new HashSet<String>();
        for (var file : tree.javaFiles()) {
            DECLARATION
                    .matcher(file.text())
                    .results()
                    .map(match -> match.group(1))
                    .forEach(names::add);
        }
        return names;
    }
}
