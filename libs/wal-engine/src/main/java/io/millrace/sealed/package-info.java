/// Sealed files: what the write-ahead log keeps mixed, sorted by partition. Front door: [SealedFiles].
///
/// A pass in the background copies batches that will not change any more out of WAL segments into sealed files,
/// after which the segments are freed. A large partition gets a file of its own, small ones share packed files.
///
/// A *run* is a stretch of one partition's offsets in one file. It answers for every offset from its first
/// offset to its end offset, also where batches inside of it are gone: a read of such an offset gets the next
/// batch there is. The runs of a partition are adjacent, and what follows the last one is still in the
/// write-ahead log.
///
/// Whatever moves batches, be it sealing, packing or compaction, ends in the same operation: new runs, durable
/// in their files, take the place of all that the partition had between their first and their last offset (a
/// `SealedSwap`). It is applied by the commit thread between two rounds. The next checkpoint names the new
/// files and no longer those in which nothing lives; when it is durable, those are deleted. After a crash
/// before that, the files that no checkpoint names are deleted instead, and the old ones are still there. Where
/// a file that is named holds a run that was replaced, the later file has replaced it: numbers ascend and are
/// never used again.
///
/// Everything is big-endian. A file is named after its number, 20 digits and `.sealed`; while it is written,
/// the name ends in `.writing`.
///
/// ```
/// file        header 64 | run | run | ... | index | table | trailer 64
///
/// header       0 magic 8        8 version 4      12 header bytes 4   16 cluster id 16
///             32 number 8      40 created, millis 8
///             48 stretch bytes 4                 52 zeros 8          60 CRC-32C of bytes 0 to 60 4
///
/// run         records of the type batch, exactly as in the write-ahead log (`io.millrace.wal`), offsets ascending,
///             then one record of type 64, which ends the run. Its body:
///              0 topic id 16   16 partition 4    20 reserved 4
///             24 first offset 8                  32 end offset 8     40 batch count 8
///
/// index       of each run: for each stretch, which begins with a batch and ends before the first batch that begins
///             `stretch bytes` behind it (64 KiB by default)
///              0 base offset 8  8 file position 8                    16 max timestamp of the stretch 8
///
/// table       of each run, in the order of the file
///              0 topic id 16   16 partition 4    20 index entries 4  24 first offset 8    32 end offset 8
///             40 file position 8                 48 bytes of batches 8                    56 batch count 8
///             64 max timestamp 8                 72 file position of its index 8
///             80 CRC-32C of its index 4          84 reserved 4
///
/// trailer      0 magic 8        8 version 4      12 run count 4      16 file position of the index 8
///             24 file position of the table 8    32 CRC-32C of the table 4
///             36 zeros 24      60 CRC-32C of bytes 0 to 60 4
/// ```
///
/// Index, table and trailer (the *footer*) follow from the runs. Where they are damaged they are made again
/// from the runs; damaged records are never guessed.
@NullMarked
package io.millrace.sealed;

import org.jspecify.annotations.NullMarked;
