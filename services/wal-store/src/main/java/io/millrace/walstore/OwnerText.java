package io.millrace.walstore;

/// Says in a sentence how far an instance is in owning its shard.
final class OwnerText {

    private OwnerText() {}

    static String of(OwnerState state) {
        return switch (state) {
            case OwnerState.Waiting _ -> "The service is starting.";
            case OwnerState.WithoutShard without -> without.message();
            case OwnerState.Recovering recovering -> recovering(recovering);
            case OwnerState.Serving _ -> "The log is open.";
            case OwnerState.Stopping _ -> "The service is stopping.";
            case OwnerState.Stopped stopped -> stopped.message();
        };
    }

    private static String recovering(OwnerState.Recovering state) {
        return "The log is being recovered: " + state.bytesDone() + " of " + state.bytesTotal() + " bytes.";
    }
}
