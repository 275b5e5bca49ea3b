package io.millrace.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The page of all properties says what the code says. To write it anew: `./mvnw test -pl tests-architecture -am
/// -Dtest=ConfigurationPageTest -Dsurefire.failIfNoSpecifiedTests=false
/// -Dtests.docs=write`
final class ConfigurationPageTest {

    private final SourceTree tree = SourceTree.ofThisRepository();

    @Test
    void thePageIsWhatTheCodeSays() throws IOException {
        var rendered = ConfigurationPage.render(tree.javaFiles());
        var page = tree.root().resolve(ConfigurationPage.PATH);
        if ("write".equals(System.getProperty("tests.docs"))) {
            Files.createDirectories(page.resolveSibling("adr"));
            Files.writeString(page, rendered);
        }

        assertThat(page).hasContent(rendered);
    }

    @Test
    void everyPropertyHasASentence() {
        var rows = ConfigurationPage.render(tree.javaFiles())
                .lines()
                .filter(line -> line.startsWith("| `"))
                .toList();

        assertThat(rows).isNotEmpty().noneMatch(row -> row.endsWith("|  |"));
    }

    @Test
    void nestedPropertiesAreNamedByTheirPath() {
        var file = new SourceFile("services/sample/src/main/java/io/millrace/sample/SampleConfig.java", """
                package io.millrace.sample;

                import io.smallrye.config.ConfigMapping;
                import io.smallrye.config.WithDefault;

                @ConfigMapping(prefix = "millrace.sample")
                interface SampleConfig {
                    Tail tail();

                    interface Tail {
                        /// How much of the tail is kept.
                        @WithDefault("64M")
                        MemorySize cacheSizeMax();
                    }
                }
                """);

        assertThat(ConfigurationPage.render(List.of(file)))
                .contains("## sample")
                .contains("| `millrace.sample.tail.cache-size-max` | `64M` | How much of the tail is kept. |");
    }
}
