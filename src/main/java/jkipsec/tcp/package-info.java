/**
 * A TCP endpoint in user space (RFC 9293): packets in, actions out, no thread, no clock, no socket.
 *
 * <p>A {@link jkipsec.tcp.TcpStack} holds the connections and listeners of one tunnel. It is given IP packets
 * ({@code receive}), the time ({@code tick}) and the application's calls ({@code connect}, {@code listen}, and those of
 * {@link jkipsec.tcp.TcpConnection}); it answers with {@link jkipsec.tcp.TcpAction}s: packets to transmit, octets to
 * deliver, connections opened and closed. {@code nextDeadline} says when it wants the next tick.
 *
 * <p>Where to read: {@code SegmentArrives} is RFC 9293 §3.10.7, step by step, and {@code AcknowledgmentArrives} its
 * fifth; {@code DataSender} decides what is sent (§3.8) and {@code Transmitter} makes the segments; {@code Timeouts} is
 * §3.10.8; {@code SendSequence} and {@code ReceiveSequence} are the variables of §3.3.1; {@code LossRecovery} says what
 * is lost and what follows, by RFC 8985 ({@code Scoreboard}, {@code Rack}, {@code LossProbe}), RFC 6937, RFC 6582 ({@code
 * NewReno}) and RFC 5682 ({@code ForwardRto}). The
 * values {@link jkipsec.tcp.TcpHeader}, {@link jkipsec.tcp.TcpSegment}, {@link jkipsec.tcp.RttEstimate}, {@link
 * jkipsec.tcp.CongestionControl} and {@link jkipsec.tcp.SequenceNumbers} are immutable or pure and can be played with
 * alone.
 *
 * <p>A stack can also play the part of other hosts: {@link jkipsec.tcp.TcpStack#forward} has it offer connections to
 * addresses that are not its own, as {@link jkipsec.tcp.TcpOffer}s.
 *
 * <p>On the receiving side {@code SackReport} says what arrived out of order, {@code QuickAcknowledgment} how soon,
 * {@code Timestamps} and {@code Ecn} what else; {@code ReceiveTuning} and {@code SendTuning} size the buffers, and {@code
 * MemoryBudget} bounds them all together; {@link jkipsec.tcp.TcpAction.MemoryShort} asks for what nobody needs.
 *
 * <p>Everything of one stack is confined to the thread that calls it. Times are nanoseconds of any monotonic clock.
 */
package jkipsec.tcp;
