/// HTTP/2 between the services: the internal port, its client, long-lived streams with back-pressure.
///
/// Front doors: [StoreClient], [ReadClient], [FrameForwarder] and [FeedSource] ask; [InternalServer] with
/// [InternalRoutes] answers, for a [StoreService], [ReadService] or [FrameHandler], and [FeedPublisher] feeds the
/// followers.
///
/// # Encodings
///
/// Everything is big-endian. `string` is an `int` length and so many bytes of UTF-8; `list` is an `int` count and
/// the elements; `enum` is its name as a string; `topic id` is two `long`s; `partition` is a topic id and an `int`;
/// `watermarks` is log start offset, last stable offset, high watermark (`long` each) and leader epoch (`int`).
/// "One of" is a byte that says which (its numbers stand in the codec) and the fields in the order of the record's
/// components. Lengths and counts are checked against the bytes that are there, or against a configured limit,
/// before anything is allocated. The protocol version is 1; the first message of each stream and each introduction
/// carries it.
///
/// # Calls
///
/// A call is a POST (the introduction a GET) with a `content-length`; 200 is an answer, and anything else a failure
/// whose reason is in the header `millrace-problem`. A `traceparent` header is handed on.
///
/// ```
/// path                    request                                            answer
/// /internal/v1/hello      -                                                  version int, kind string, ordinal int,
/// incarnation
///                                                                            string, host string, port int, has Kafka
/// address byte
///                                                                            [host string, port int], program version
/// string
/// /internal/v1/read       total limit long, list of (partition, from         per request one frame: int length, one of
/// (watermarks
///                         offset long, limit int)                            and batches to the frame's end |
/// watermarks | refusal
///                                                                            enum, message string | message string)
/// /internal/v1/offsets    list of one of OffsetQuery                         list of one of OffsetOutcome
/// /internal/v1/sizes      list of partition                                  one of SizesOutcome
/// /internal/v1/command    one of Command                                     one of CommandOutcome
/// /internal/v1/catalog    known: cluster id string, owner epoch int,         nothing if that is current, else cluster
/// id, owner epoch,
///                         version long                                       version, list of topics, list of
/// resources
/// /internal/v1/frame      client host string, port int, listener string,     the reply frame, nothing if there is none
///                         the frame to the body's end
/// ```
///
/// A topic is topic id, name string, partition count int, list of configurations (name string, value string); a
/// resource is kind enum, name string, and such a list.
///
/// # Streams
///
/// A stream is a POST whose body and answer both go on for ever, on a TCP connection of its own, because a paused
/// stream would use up the window that others on its connection share. Both directions are frames: `int` length of
/// what follows, `byte` type, fields. Each side sends a heartbeat at least every so often, and closes the stream
/// when it hears nothing for long; a side that does not read at the moment does not count.
///
/// ```
/// type            direction        fields
/// 0 heartbeat     both             -
/// 1 opening       up, first        append: version int, cluster id string (empty: unknown), shard int, instance
/// string,
///                                  incarnation string, owner epoch seen int; feeds: version int
/// 2 accepted      down, append     cluster id string, owner epoch int
/// 3 rejected      down, append     refusal enum, message string
/// 4 append        up               flags byte (1: has trace), correlation id long, partition, [trace id 16 bytes],
/// batch
/// 5 outcomes      down, append     to the frame's end: correlation id long, one of AppendOutcome
/// 6 catalog news  down, catalog    one of CatalogNews; a snapshot first, and again in place of too many changes
/// 7 subscribe     up, tail         list of (partition, content byte: 0 watermarks, 1 batches as well) added or
///                                  changed, list of partitions dropped
/// 8 tail news     down, tail       list of (partition, watermarks) that moved, list of partitions that are gone
/// 9 tail batches  down, tail       partition, batches to the frame's end; part of the next tail news
/// ```
///
/// Paths: `/internal/v1/append`, `/internal/v1/catalog-feed`, `/internal/v1/tail-feed`.
///
/// Netty's counted buffers stay inside this package; what leaves it are heap buffers that nothing else refers to.
@NullMarked
package io.millrace.api.http;

import org.jspecify.annotations.NullMarked;
