package io.millrace.walstore.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LineTest {

    private final Line line = new Line("segment")
            .with("file", "a.segment")
            .with("bytes", 12L)
            .with("clean", true)
            .with("what", "a \"quoted\" \\ thing\n");

    @Test
    void textQuotesOnlyWhatHasBlanks() {
        assertThat(line.text())
                .isEqualTo("segment file=a.segment bytes=12 clean=true what=\"a \\\"quoted\\\" \\\\ thing\\u000a\"");
    }

    @Test
    void jsonKeepsNumbersAndClaims() {
        assertThat(line.json())
                .isEqualTo("{\"kind\":\"segment\",\"file\":\"a.segment\",\"bytes\":12,\"clean\":true,"
                        + "\"what\":\"a \\\"quoted\\\" \\\\ thing\\u000a\"}");
    }
}
