package jkipsec;

import java.net.SocketException;
import jkipsec.ike.RedirectTarget;

/** The server sends the client elsewhere; caught by who follows. */
final class RedirectedException extends SocketException {
    private static final long serialVersionUID = 1L;

    private final transient RedirectTarget target;

    RedirectedException(RedirectTarget target, String message) {
        super(message);
        this.target = target;
    }

    RedirectTarget target() {
        return target;
    }
}
