package io.millrace.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CodecTest {
    private static final Stamp STAMP = new Stamp(Long.MIN_VALUE, 3, 1L << 40, 99);

    @Test
    void plainValuesHaveTheirSizeAndTheirStamp() {
        PlainCodec codec = new PlainCodec();

        byte[] value = codec.value("t", STAMP, 500);

        assertThat(value).hasSize(500);
        assertThat(codec.stamp(value)).contains(STAMP);
        assertThat(codec.stamp(new byte[500])).isEmpty();
        assertThat(codec.stamp(new byte[3])).isEmpty();
    }

    @Test
    void avroValuesNameTheirSchemaAndKeepTheirStamp() throws IOException {
        List<String> asked = Collections.synchronizedList(new ArrayList<>());
        HttpServer registry = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        registry.createContext("/", exchange -> {
            asked.add(exchange.getRequestURI().getPath());
            byte[] answer = ("{\"id\": " + (40 + asked.size()) + "}").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        registry.start();
        try {
            URI base = URI.create("http://127.0.0.1:" + registry.getAddress().getPort() + "/apis/ccompat/v7/");
            AvroCodec codec = new AvroCodec(new SchemaRegistry(base));

            byte[] key = codec.key("t", STAMP);
            byte[] value = codec.value("t", STAMP, 500);

            assertThat(key).startsWith(0, 0, 0, 0, 41);
            assertThat(value).startsWith(0, 0, 0, 0, 42).hasSizeBetween(480, 510);
            assertThat(codec.stamp(value)).contains(STAMP);
            assertThat(codec.stamp(new byte[] {0, 0, 0, 0, 1, 5})).isEmpty();
            assertThat(asked)
                    .containsExactly(
                            "/apis/ccompat/v7/subjects/t-key/versions", "/apis/ccompat/v7/subjects/t-value/versions");
        } finally {
            registry.stop(0);
        }
    }
}
