package io.millrace.api.instances;

/// Which pods are ours.
///
/// Threads: immutable.
///
/// @param partOf the value of the label `app.kubernetes.io/part-of`; the service is the label
/// `app.kubernetes.io/component`
/// @param internalPort of every pod that does not name a container port `internal`
public record PodSelection(String namespace, String partOf, int internalPort) {
    public static final String PART_OF_LABEL = "app.kubernetes.io/part-of";
    public static final String COMPONENT_LABEL = "app.kubernetes.io/component";
    public static final String PORT_NAME = "internal";
}
