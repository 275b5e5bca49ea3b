package io.millrace.api.http;

import io.millrace.api.HostPort;
import io.millrace.api.Instance;
import io.millrace.api.ServiceKind;
import java.util.Optional;

/// An instance's introduction as bytes.
final class HelloCodec {

    private HelloCodec() {}

    static void write(WireWriter out, Instance instance) {
        out.putInt(FrameType.PROTOCOL_VERSION)
                .putString(instance.kind().label())
                .putInt(instance.ordinal())
                .putString(instance.incarnation())
                .putString(instance.internalHost())
                .putInt(instance.internalPort())
                .putByte(instance.kafka().isPresent() ? 1 : 0);
        instance.kafka().ifPresent(address -> out.putString(address.host()).putInt(address.port()));
        out.putString(instance.version());
    }

    static Instance read(WireReader in) {
        FeedCodec.readOpening(in);
        ServiceKind kind = readKind(in.readString());
        int ordinal = in.readInt();
        String incarnation = in.readString();
        HostPort internal = new HostPort(in.readString(), in.readInt());
        Optional<HostPort> kafka =
                in.readByte() == 0 ? Optional.empty() : Optional.of(new HostPort(in.readString(), in.readInt()));
        return new Instance(kind, ordinal, incarnation, internal.host(), internal.port(), kafka, in.readString());
    }

    private static ServiceKind readKind(String label) {
        return ServiceKind.ofLabel(label)
                .orElseThrow(() -> new MalformedMessageException("unknown service '" + label + "'"));
    }
}
