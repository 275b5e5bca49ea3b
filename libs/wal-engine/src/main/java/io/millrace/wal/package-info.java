/// The write-ahead log: durable bytes, rounds, recovery. Front door: [WriteAheadLog].
///
/// Everything is big-endian. A *position* is a byte of the log since it began; positions are never used again. A
/// segment is a file of fixed size that holds the positions from its base position on; it is named after it, 20
/// digits and `.segment`. It is filled with zeros and forced before its first use. A segment that is no more, after a
/// durable checkpoint that does not name it, gets the suffix `.freed`; when that name is durable, its file may become
/// another segment, filled with zeros and forced again, with another salt. What has any other suffix at a start is
/// deleted.
///
/// ```
/// segment   header 4096 | round | round | ... | zeros
///
/// header      0 magic 8        8 version 4     12 header bytes 4   16 cluster id 16
///            32 segment bytes 4 36 reserved 4  40 base position 8  48 salt 8 (random, new with each file)
///            56 created, millis 8              64 zeros            4092 CRC-32C of all before 4
///
/// round       starts at a multiple of 4096, so that no later round rewrites a sector that holds an acknowledged one
///             0 magic 4        4 header bytes 2  6 flags 2         8 frame bytes 4 (padding included)
///            12 payload bytes 4                 16 sequence 8      24 position 8 (its own)
///            32 time, millis 8 (never goes back) 40 salt 8 (the segment's)
///            48 term 8 (0 in a log that is not replicated)
///            56 CRC of the previous round's header 4               60 record count 4
///            64 sectors of the frame that are all zero 4           68 CRC-32C of the records' headers 4
///            72 reserved 4     76 CRC-32C of bytes 0 to 76 4       80 payload: records, then zeros
///
/// record      starts at a multiple of 8
///             0 CRC-32C of all after it, to the last zero 4        4 body bytes 4
///             8 type 1         9 flags 1      10 reserved 6       16 body, then zeros
/// ```
///
/// Each byte of a record is summed once, in the record's own checksum; the round's covers those and the sizes, so that
/// no record can go or come from elsewhere.
///
/// Only one round is in flight: the next is written after the force of this one returned. So a valid round proves
/// that all before it were forced, and at most the last one can be torn. At the first position without a whole
/// round, the log's tail counts as torn only if the 512-byte sector there is all zero, or if the round's header is
/// valid and more of its sectors are zero than were when it was written, and if no header of a later round follows
/// anywhere. All else is corruption. What cannot be told from a torn tail is a last round whose first sector, or
/// another one that was not zero, came back from the disk as zeros.
@NullMarked
package io.millrace.wal;

import org.jspecify.annotations.NullMarked;
