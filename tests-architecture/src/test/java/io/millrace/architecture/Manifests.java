package io.millrace.architecture;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/// Kubernetes objects as `kubectl` would send them, with every unknown field refused.
final class Manifests {

    private static final Pattern DOCUMENT_END = Pattern.compile("(?m)^---\\s*$");

    /// The model keeps unknown fields in a map of its own; without that door they are errors.
    private static final JacksonAnnotationIntrospector STRICT = new JacksonAnnotationIntrospector() {
        private static final long serialVersionUID = 1L;

        @Override
        public Boolean hasAnySetter(Annotated member) {
            return false;
        }
    };

    private static final ObjectMapper MAPPER = YAMLMapper.builder()
            .annotationIntrospector(STRICT)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private static final KubernetesSerialization KINDS = new KubernetesSerialization();

    private Manifests() {}

    /// What `kubectl kustomize` makes of a directory of this repository; needs no cluster and no network.
    static List<HasMetadata> render(String directory) {
        return parse(kustomize(SourceTree.ofThisRepository().root().resolve(directory)));
    }

    static List<HasMetadata> parse(String yaml) {
        return DOCUMENT_END
                .splitAsStream(yaml)
                .filter(document -> !document.isBlank())
                .map(Manifests::object)
                .toList();
    }

    private static HasMetadata object(String document) {
        try {
            var tree = MAPPER.readTree(document);
            Class<? extends KubernetesResource> kind = KINDS.getRegisteredKubernetesResource(
                    tree.path("apiVersion").asText(), tree.path("kind").asText());
            if (kind == null) {
                throw new IllegalArgumentException("Kubernetes knows no such kind:\n" + document);
            }
            return (HasMetadata) MAPPER.treeToValue(tree, kind);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e.getMessage() + " in:\n" + document, e);
        }
    }

    private static String kustomize(Path directory) {
        try {
            var errors = Files.createTempFile("kustomize", ".txt");
            var process = new ProcessBuilder("kubectl", "kustomize", directory.toString())
                    .redirectError(errors.toFile())
                    .start();
            var rendered = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException("kubectl kustomize " + directory + ": " + Files.readString(errors));
            }
            return rendered;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot run kubectl; ./millrace test installs it", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while kubectl ran", e);
        }
    }
}
