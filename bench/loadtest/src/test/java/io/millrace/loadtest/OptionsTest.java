package io.millrace.loadtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OptionsTest {

    @Test
    void aProfileAndOptionsInAnyOrder() {
        Options options = Options.parse(List.of(
                "--bootstrap", "h:1", "standard", "--kill-every", "20", "--launcher", "m\t--data\td", "--seed", "5"));

        assertThat(options.profile()).isEqualTo(Profile.STANDARD);
        assertThat(options.bootstrap()).isEqualTo("h:1");
        assertThat(options.killEvery()).contains(Duration.ofSeconds(20));
        assertThat(options.launcher()).containsExactly("m", "--data", "d");
        assertThat(options.seed()).isEqualTo(5);
    }

    @Test
    void whatIsWrongIsSaid() {
        assertThatThrownBy(() -> Options.parse(List.of("fast"))).hasMessage("unknown: fast");
        assertThatThrownBy(() -> Options.parse(List.of("--seed"))).hasMessage("--seed needs a value");
        assertThatThrownBy(() -> Options.parse(List.of("--kill-every", "0")))
                .hasMessage("--kill-every takes a number above 0");
    }

    @Test
    void eachStageHasMoreThanTheOneBefore() {
        for (Profile profile : Profile.values()) {
            List<Profile.Stage> stages = profile.stages();
            for (int i = 1; i < stages.size(); i++) {
                assertThat(stages.get(i).producers())
                        .isGreaterThan(stages.get(i - 1).producers());
                assertThat(stages.get(i).recordsPerSecond())
                        .isGreaterThan(stages.get(i - 1).recordsPerSecond());
                assertThat(stages.get(i).valueBytes())
                        .isGreaterThan(stages.get(i - 1).valueBytes());
            }
        }
    }
}
