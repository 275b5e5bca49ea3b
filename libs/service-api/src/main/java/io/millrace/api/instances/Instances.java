package io.millrace.api.instances;

import io.millrace.api.Instance;
import io.millrace.api.ServiceKind;
import io.smallrye.mutiny.Multi;
import java.util.List;

/// Which instances of which service answer now.
///
/// Threads: all methods from any thread, none blocks.
public interface Instances extends AutoCloseable {

    /// Those that answered lately, by ordinal.
    List<Instance> live(ServiceKind kind);

    /// All live instances of all kinds: the present list at once, then each new one.
    Multi<List<Instance>> changes();

    /// A connection to this instance failed: find out now, not at the next probe, whether it still lives.
    void suspect(Instance instance);

    @Override
    void close();
}
