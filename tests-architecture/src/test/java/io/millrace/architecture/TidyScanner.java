package io.millrace.architecture;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.CatchTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.SynchronizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.TreePathScanner;
import java.util.List;
import java.util.regex.Pattern;
import javax.lang.model.element.Modifier;
import org.jspecify.annotations.Nullable;

/// Walks the syntax tree of one file and notes what breaks a rule.
final class TidyScanner extends TreePathScanner<@Nullable Void, List<Finding>> {

    private static final int METHOD_LINES_MAX = 60;
    private static final int PARAMETERS_MAX = 5;

    /// Words that say nothing of the domain. `Base` may begin Kafka's own words.
    private static final Pattern EMPTY_NAME =
            Pattern.compile("(Abstract|Common|Misc|Base(?!Offset|Sequence|Timestamp))([A-Z].*)?"
                    + "|.*(Util|Utils|Helper|Helpers|Manager|Impl|Base|Abstract|Common|Misc)");

    private final SourceFile file;
    private final ParsedFile parsed;
    private final DocTrees trees;

    private TidyScanner(SourceFile file, ParsedFile parsed) {
        this.file = file;
        this.parsed = parsed;
        this.trees = parsed.trees();
    }

    static void scan(SourceFile file, ParsedFile parsed, List<Finding> findings) {
        new TidyScanner(file, parsed).scan(parsed.unit(), findings);
    }

    @Override
    public @Nullable Void visitImport(ImportTree tree, List<Finding> findings) {
        if (tree.isModule() || tree.getQualifiedIdentifier().toString().endsWith("*")) {
            findings.add(finding(tree, "wide import", tree.toString().strip()));
        }
        return super.visitImport(tree, findings);
    }

    @Override
    public @Nullable Void visitClass(ClassTree tree, List<Finding> findings) {
        var name = tree.getSimpleName().toString();
        if (EMPTY_NAME.matcher(name).matches()) {
            findings.add(finding(tree, "empty name", name));
        }
        if (isOpenClass(tree) && !file.isBenchmark()) {
            findings.add(finding(tree, "class is not final", name));
        }
        if (isPublicTopLevel(tree) && !file.isTest() && !hasMarkdownComment()) {
            findings.add(finding(tree, "public type without /// comment", name));
        }
        return super.visitClass(tree, findings);
    }

    @Override
    public @Nullable Void visitMethod(MethodTree tree, List<Finding> findings) {
        var lineCount = line(endPosition(tree)) - line(startPosition(tree)) + 1;
        if (lineCount > METHOD_LINES_MAX) {
            findings.add(finding(tree, "long method", tree.getName() + " has " + lineCount + " lines"));
        }
        if (tree.getParameters().size() > PARAMETERS_MAX && !mayHaveManyParameters(tree)) {
            findings.add(finding(
                    tree,
                    "many parameters",
                    tree.getName() + " has " + tree.getParameters().size()));
        }
        if (tree.getModifiers().getFlags().contains(Modifier.SYNCHRONIZED)) {
            findings.add(finding(tree, "synchronized", tree.getName().toString()));
        }
        return super.visitMethod(tree, findings);
    }

    @Override
    public @Nullable Void visitSynchronized(SynchronizedTree tree, List<Finding> findings) {
        findings.add(finding(tree, "synchronized", tree.getExpression().toString()));
        return super.visitSynchronized(tree, findings);
    }

    @Override
    public @Nullable Void visitVariable(VariableTree tree, List<Finding> findings) {
        var isField = getCurrentPath().getParentPath().getLeaf() instanceof ClassTree;
        if (!isField && tree.getModifiers().getFlags().contains(Modifier.FINAL)) {
            findings.add(
                    finding(tree, "final local or parameter", tree.getName().toString()));
        }
        if (isField && !file.isTest() && isAnnotated(tree.getModifiers(), "Inject")) {
            findings.add(finding(tree, "field injection", tree.getName().toString()));
        }
        if (isAnnotated(tree.getModifiers(), "ConfigProperty")) {
            findings.add(finding(
                    tree,
                    "@ConfigProperty instead of a @ConfigMapping",
                    tree.getName().toString()));
        }
        return super.visitVariable(tree, findings);
    }

    @Override
    public @Nullable Void visitCatch(CatchTree tree, List<Finding> findings) {
        BlockTree block = tree.getBlock();
        if (block.getStatements().isEmpty()) {
            findings.add(
                    finding(tree, "empty catch", tree.getParameter().getType().toString()));
        }
        return super.visitCatch(tree, findings);
    }

    private static boolean isOpenClass(ClassTree tree) {
        var flags = tree.getModifiers().getFlags();
        return tree.getKind() == Tree.Kind.CLASS
                && !tree.getSimpleName().isEmpty()
                && !flags.contains(Modifier.FINAL)
                && !flags.contains(Modifier.SEALED);
    }

    private boolean isPublicTopLevel(ClassTree tree) {
        return tree.getModifiers().getFlags().contains(Modifier.PUBLIC)
                && getCurrentPath().getParentPath().getLeaf() instanceof CompilationUnitTree;
    }

    private boolean hasMarkdownComment() {
        return trees.getDocCommentTree(getCurrentPath()) != null
                && file.text().lines().anyMatch(line -> line.startsWith("///"));
    }

    /// A record's constructor lists its components, an inherited signature is not ours, and what a producer method of a
    /// composition root takes is wired, never called.
    private boolean mayHaveManyParameters(MethodTree tree) {
        var owner = getCurrentPath().getParentPath().getLeaf();
        var isRecordConstructor = owner.getKind() == Tree.Kind.RECORD && tree.getReturnType() == null;
        return isRecordConstructor || isAnnotated(tree.getModifiers(), "Override", "Produces");
    }

    private static boolean isAnnotated(ModifiersTree modifiers, String... simpleNames) {
        return modifiers.getAnnotations().stream()
                .map(annotation -> annotation.getAnnotationType().toString())
                .anyMatch(List.of(simpleNames)::contains);
    }

    private Finding finding(Tree tree, String rule, String detail) {
        return new Finding(file.path(), line(startPosition(tree)), rule, detail);
    }

    private long startPosition(Tree tree) {
        return trees.getSourcePositions().getStartPosition(parsed.unit(), tree);
    }

    private long endPosition(Tree tree) {
        return trees.getSourcePositions().getEndPosition(parsed.unit(), tree);
    }

    private long line(long position) {
        return position < 0 ? 0 : parsed.unit().getLineMap().getLineNumber(position);
    }
}
