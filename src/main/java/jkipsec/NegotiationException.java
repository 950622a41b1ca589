package jkipsec;

import java.net.ProtocolException;

/** A tunnel did not come up because the two sides could not agree. */
public final class NegotiationException extends ProtocolException {
    private static final long serialVersionUID = 1L;

    /** The name of the notification that said so. */
    private final String notification;

    NegotiationException(String notification, String message) {
        super(message);
        this.notification = notification;
    }

    /**
     * What the refusing side said (RFC 7296 §3.10.1).
     *
     * @return the name of a notification, such as {@code NO_PROPOSAL_CHOSEN}
     */
    public String notification() {
        return notification;
    }
}
