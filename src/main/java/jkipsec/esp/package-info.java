/**
 * ESP in tunnel mode, RFC 4303: the two halves of a Child SA, the window against replays, and what a packet grows by.
 *
 * <p>{@link jkipsec.esp.OutboundSa} wraps an inner packet, {@link jkipsec.esp.InboundSa} verifies and unwraps one; both
 * work in place. A wrapped packet is
 * <pre>{@code
 *   | SPI (4) | sequence number (4) | IV | inner packet | padding 1 2 3 … | pad length (1) | next header (1) | ICV |
 * }</pre>
 * With extended sequence numbers (RFC 4303 §2.2.1) it carries the lower half; the upper one, which the receiver infers
 * from its window, is authenticated with the packet. It travels as the payload of a UDP datagram (RFC 3948), which is
 * not this package's matter; nor are the addresses inside. What cannot be accepted is dropped with a reason that is a value, {@link jkipsec.esp.EspDrop}.
 *
 * <p>Each SA is confined to one thread at a time.
 */
package jkipsec.esp;
