/// The rules of a shard, pure: what to decide for a request, and how a durable entry changes the state.
///
/// Front doors: [ShardState], which entries change, and [ShardDraft], in which the requests of one round are decided
/// against the state and against each other. Nothing here touches a disk or reads a clock.
///
/// An entry is the body of one record of the log; its type is the record's. All numbers are big-endian.
///
/// ```
/// 1 batch               topic id 16 | partition 4 | reserved 4 | the record batch, placed
/// 2 owner started       owner epoch 4
/// 3 topic stored        topic id 16 | partitions 4 | name | count 4, then each configuration: name, value
/// 4 topic deleted       topic id 16
/// 5 log start moved     topic id 16 | partition 4 | reserved 4 | log start offset 8
/// 6 producer ids given  first id 8 | count 4
/// 7 resource stored     kind 1 | name | count 4, then each configuration: name, value
///
/// text                  length 4 | UTF-8
/// ```
@NullMarked
package io.millrace.partition;

import org.jspecify.annotations.NullMarked;
