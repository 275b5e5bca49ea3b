package io.millrace.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// A type is public only when another package uses it: in its byte code, by naming it in its source, or through a
/// public signature. The testkit is there for tests to come.
final class PublicTypesTest {

    private static final Pattern QUALIFIED_NAME = Pattern.compile("\\bio\\.millrace(\\.[a-z]\\w*)*\\.[A-Z]\\w*");

    /// Found by a framework through the annotation, not by a caller.
    private static final Set<String> ENTRY_POINTS = Set.of(
            "jakarta.ws.rs.Path",
            "jakarta.ws.rs.ext.Provider",
            "io.smallrye.config.ConfigMapping",
            "io.quarkus.runtime.annotations.QuarkusMain");

    @Test
    void everyPublicTypeIsUsedOutsideItsPackage() {
        var code = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.millrace");
        var named = namesUsedElsewhere(SourceTree.ofThisRepository().javaFiles());

        var signatures = publicSignatures(code);

        var unused = code.stream()
                .filter(PublicTypesTest::isPublicTopLevel)
                .filter(type -> !type.getPackageName().startsWith("io.millrace.testkit"))
                .filter(type -> !signatures.contains(type.getName()))
                .filter(type -> !named.contains(type.getName()))
                .filter(type -> !isReachedFromAnotherPackage(type))
                .map(JavaClass::getName)
                .sorted();

        assertThat(unused).isEmpty();
    }

    @Test
    void aNameInItsOwnPackageDoesNotCountAsUse() {
        var inside = new SourceFile("libs/x/src/main/java/io/millrace/x/A.java", "import io.millrace.x.Inside;");
        var outside = new SourceFile("libs/y/src/main/java/io/millrace/y/B.java", "import io.millrace.x.Outside;");

        assertThat(namesUsedElsewhere(List.of(inside, outside))).containsExactly("io.millrace.x.Outside");
    }

    private static Set<String> namesUsedElsewhere(List<SourceFile> files) {
        var names = new HashSet<String>();
        for (var file : files) {
            QUALIFIED_NAME
                    .matcher(file.text())
                    .results()
                    .map(match -> match.group())
                    .filter(name -> !packageOf(name).equals(file.packageName()))
                    .forEach(names::add);
        }
        return names;
    }

    /// The types that public members of public types show: whoever calls the member uses the type, named or not.
    private static Set<String> publicSignatures(JavaClasses code) {
        return code.stream()
                .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                .flatMap(type -> type.getCodeUnits().stream()
                        .filter(unit -> unit.getModifiers().contains(JavaModifier.PUBLIC))
                        .flatMap(PublicTypesTest::shownTypes)
                        .filter(shown -> !shown.equals(type)))
                .map(JavaClass::getName)
                .collect(Collectors.toSet());
    }

    private static Stream<JavaClass> shownTypes(JavaCodeUnit unit) {
        return Stream.concat(Stream.of(unit.getReturnType()), unit.getParameterTypes().stream())
                .flatMap(shown -> shown.getAllInvolvedRawTypes().stream());
    }

    private static String packageOf(String typeName) {
        return typeName.substring(0, typeName.lastIndexOf('.'));
    }

    private static boolean isPublicTopLevel(JavaClass type) {
        return type.isTopLevelClass()
                && type.getModifiers().contains(JavaModifier.PUBLIC)
                && ENTRY_POINTS.stream().noneMatch(type::isAnnotatedWith);
    }

    private static boolean isReachedFromAnotherPackage(JavaClass type) {
        return type.getDirectDependenciesToSelf().stream()
                .map(Dependency::getOriginClass)
                .anyMatch(origin -> !origin.getPackageName().equals(type.getPackageName()));
    }
}
