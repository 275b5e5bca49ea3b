package io.millrace.e2e.clients;

import java.util.ArrayList;
import java.util.List;

/// A client library behind a small program of ours, all of which take the same arguments.
///
/// @param command without the arguments
record ScriptClient(String id, String name, String version, Retries retries, String bootstrap, List<String> command)
        implements Client {

    @Override
    public List<String> produce(String topic, int run, int count) {
        return with("produce", bootstrap, topic);
    }

    @Override
    public List<String> consume(String topic, String group) {
        return with("consume", bootstrap, topic, group);
    }

    private List<String> with(String... arguments) {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of(arguments));
        return all;
    }
}
