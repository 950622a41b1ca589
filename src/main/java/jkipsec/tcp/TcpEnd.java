package jkipsec.tcp;

/** Why a connection is over. */
public enum TcpEnd {
    /** Both sides closed and everything was acknowledged. */
    NORMAL,
    /** The peer reset it. */
    RESET,
    /** The peer answered the SYN with a reset: nobody listens there. */
    REFUSED,
    /** The peer did not answer for too long. */
    TIMED_OUT,
    /** The network reported that the peer cannot be reached. */
    UNREACHABLE,
    /** This side ended it with a reset: aborted, or closed with data unread. */
    ABORTED_LOCALLY,
    /** The tunnel it ran in is gone. */
    TUNNEL_CLOSED
}
