package jkipsec.tcp;

/** There is no local port to listen on or to connect from, or no room for another connection. */
public final class PortInUse extends Exception {
    private static final long serialVersionUID = 1L;

    PortInUse(String message) {
        super(message);
    }
}
