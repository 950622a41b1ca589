/**
 * IKEv2 messages on the wire (RFC 7296 §3, RFC 7383 §2.5): one record per payload, and nothing about what they mean.
 *
 * <p>{@link jkipsec.ike.message.IkeMessage#parse} takes a datagram (without the non-ESP marker) and gives an
 * {@link jkipsec.ike.message.IkeHeader} and the list of {@link jkipsec.ike.message.Payload}s in the order received;
 * {@code describe()} prints it. An Encrypted payload stays closed: its owner decrypts it and reads what is inside with
 * {@link jkipsec.ike.message.PayloadChain#parse}, the one place that knows all payload types.
 *
 * <p>Numbers stay numbers, because any value may arrive; the classes of constants ({@code NotifyType},
 * {@code TransformId} and so on) give names to those that are known. A record that can be constructed can be written
 * and parsed back to an equal one. Parsing returns or throws {@link jkipsec.bytes.MalformedMessage}, nothing else, in
 * time and memory bounded by the input. Records are immutable: arrays are copied in and out, {@code equals} compares
 * their contents.
 */
package jkipsec.ike.message;
