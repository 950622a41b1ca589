package jkipsec;

import jkipsec.ike.TerminationCause;

/** Where in its life a {@link Tunnel} is. */
public sealed interface TunnelState {
    /** It can be used. */
    record Up() implements TunnelState {}

    /**
     * It has ended.
     *
     * @param cause why
     */
    record Closed(TerminationCause cause) implements TunnelState {}
}
