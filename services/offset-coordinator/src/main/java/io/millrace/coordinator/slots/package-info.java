/// The files under the group store: keys and values in a write-ahead log, with an index in memory. Front door:
/// [SlotLog]; Infinispan comes in through [SlotFileStore].
///
/// The log is that of [io.millrace.wal]: rounds of one write and one force, torn ends told from damage, segments zeroed
/// before their use. A record of a round is one change of one slot:
///
/// ```
/// type 1, put      area: table u8, part i32 | name length u16 | name, UTF-8 | value
/// type 2, removal  area: table u8, part i32 | name length u16 | name, UTF-8
/// ```
///
/// All integers are big-endian. Beside the segments:
///
/// ```
/// identity    16 random bytes, which every segment carries
/// manifest    `LogManifest`: the segments that count
/// clean-end   `LogEnd`: where the last orderly stop left the log
/// ```
///
/// **The last change of a slot counts**, so a start reads the segments in their order and needs nothing else.
///
/// **Space** returns from the front: what still lives in the oldest segment is written again at the end of the log, and
/// when that is durable and the manifest no longer names the segment, its file is deleted. A removal is never written
/// again: when its segment is the oldest, nothing older is left that it could hide. The log is kept below about twice
/// what lives in it, so the time of a start stays in proportion to the state.
@NullMarked
package io.millrace.coordinator.slots;

import org.jspecify.annotations.NullMarked;
