package io.millrace.runtime.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.model.Refusal;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ProblemsTest {

    @ParameterizedTest
    @EnumSource(Refusal.class)
    void eachRefusalHasAStatusOfTheRestInterface(Refusal refusal) {
        var problem = Problems.refused(refusal, "why").problem();

        assertThat(Set.of(400, 404, 409, 413, 503)).contains(problem.status());
        assertThat(problem.detail()).isEqualTo("why");
    }

    @Test
    void aRefusalIsNamedInWordsAndAsAUrn() {
        var problem = Problems.refused(Refusal.TOPIC_EXISTS, "orders exists").problem();

        assertThat(problem.status()).isEqualTo(409);
        assertThat(problem.title()).isEqualTo("Topic exists");
        assertThat(problem.type()).isEqualTo("urn:millrace:problem:topic-exists");
    }
}
