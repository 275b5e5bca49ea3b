package io.millrace.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ClusterIdGuardTest {

    private final ClusterIdGuard guard = new ClusterIdGuard();

    @Test
    void theFirstClusterIsOursAndEveryOtherOneIsForeign() {
        assertThat(guard.admits("ours")).isTrue();
        assertThat(guard.admits("theirs")).isFalse();

        assertThat(guard.clusterId()).contains("ours");
        assertThat(guard.foreignClusterId()).contains("theirs");
    }

    @Test
    void whenOursComesBackNothingIsForeignAnyMore() {
        var _ = guard.admits("ours");
        var _ = guard.admits("theirs");

        assertThat(guard.admits("ours")).isTrue();

        assertThat(guard.foreignClusterId()).isEmpty();
    }
}
