package io.millrace.coordinator.slots;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Changes as bytes; the layout is in the package's page.
///
/// Threads: stateless.
final class SlotRecord {

    static final int PUT = 1;
    static final int REMOVAL = 2;

    private static final int HEAD_BYTES = Area.ENCODED_BYTES + Short.BYTES;

    private SlotRecord() {}

    static int headBytes(SlotName slot) {
        int nameBytes = slot.name().getBytes(StandardCharsets.UTF_8).length;
        if (nameBytes > SlotLogOptions.NAME_BYTES_MAX) {
            throw new IllegalArgumentException("a name of " + nameBytes + " bytes");
        }
        return headBytes(nameBytes);
    }

    static int headBytes(int nameBytes) {
        return HEAD_BYTES + nameBytes;
    }

    static int type(Change change) {
        return switch (change) {
            case Change.Put _, Change.Move _ -> PUT;
            case Change.Removal _ -> REMOVAL;
        };
    }

    static void encode(Change change, ByteBuffer target) {
        byte[] name = change.slot().name().getBytes(StandardCharsets.UTF_8);
        target.put((byte) change.slot().area().table())
                .putInt(change.slot().area().part())
                .putShort((short) name.length)
                .put(name);
        switch (change) {
            case Change.Put put -> target.put(put.value());
            case Change.Move move -> target.put(move.value());
            case Change.Removal _ -> {
                // The name says it all.
            }
        }
    }

    /// The name at the body's position, which moves to the value.
    static SlotName decodeName(ByteBuffer body) {
        Area area = new Area(body.get(), body.getInt());
        byte[] name = new byte[Short.toUnsignedInt(body.getShort())];
        body.get(name);
        return new SlotName(area, new String(name, StandardCharsets.UTF_8));
    }

    static byte[] decodeValue(ByteBuffer body) {
        byte[] value = new byte[body.remaining()];
        body.get(value);
        return value;
    }
}
