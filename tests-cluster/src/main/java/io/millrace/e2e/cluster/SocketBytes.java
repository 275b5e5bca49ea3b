package io.millrace.e2e.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Bytes that a process received from a port of this machine, as the kernel counts them at the socket.
///
/// A connection that began and ended between two counts is not seen; the services' streams last.
///
/// Threads: one. Units: bytes.
public final class SocketBytes {
    private static final Pattern RECEIVED = Pattern.compile("bytes_received:(\\d+)");
    private static final Pattern LOCAL_PORT = Pattern.compile(":(\\d+)\\s");

    private final long pid;
    private final int port;
    private final Map<String, Long> byConnection = new HashMap<>();

    private SocketBytes(long pid, int port) {
        this.pid = pid;
        this.port = port;
    }

    public static SocketBytes receivedBy(long pid, int fromPort) {
        return new SocketBytes(pid, fromPort);
    }

    /// All that was received up to now over connections that were there now or at an earlier count.
    public long count() {
        String connection = "";
        for (String line : sockets().lines().toList()) {
            if (!line.startsWith("\t") && !line.startsWith("  ")) {
                connection = line.contains("pid=" + pid + ",") ? localPort(line) : "";
            }
            Matcher received = RECEIVED.matcher(line);
            if (!connection.isEmpty() && received.find()) {
                byConnection.put(connection, Long.parseLong(received.group(1)));
            }
        }
        return byConnection.values().stream().mapToLong(Long::longValue).sum();
    }

    private static String localPort(String line) {
        Matcher port = LOCAL_PORT.matcher(line);
        return port.find() ? port.group(1) : "";
    }

    /// Two lines for each connection, the second one indented.
    private String sockets() {
        try {
            Process ss = new ProcessBuilder("ss", "-tinpH", "dport", "=", ":" + port)
                    .redirectErrorStream(true)
                    .start();
            String output = new String(ss.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (ss.waitFor() != 0) {
                throw new AssertionError("ss ended with " + ss.exitValue() + ": " + output);
            }
            return output;
        } catch (IOException failed) {
            throw new UncheckedIOException("ss cannot be run", failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while ss ran", interrupted);
        }
    }
}
