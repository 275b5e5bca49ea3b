package io.millrace.testkit;

/// The simulated machine lost its power: the test catches it and goes on from what the disk kept.
public final class PowerCut extends RuntimeException {

    PowerCut(String during) {
        super("power cut during " + during);
    }
}
