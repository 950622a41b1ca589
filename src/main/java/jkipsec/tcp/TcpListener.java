package jkipsec.tcp;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;
import jkipsec.ip.Endpoint;

/**
 * A local port that takes connections: the LISTEN state of RFC 9293.
 *
 * <p>Its backlog bounds the connections that are half-open together with those that are established and not yet
 * accepted; a SYN beyond that is dropped, and the peer will send it again. Confined to the thread of its {@link
 * TcpStack}.
 */
public final class TcpListener {
    private final TcpStack stack;
    private final Endpoint local;
    private final int backlog;
    private final Set<TcpConnection> halfOpen = new LinkedHashSet<>();
    private final Deque<TcpConnection> unaccepted = new ArrayDeque<>();
    private Object attachment;
    private boolean closed;

    TcpListener(TcpStack stack, Endpoint local, int backlog) {
        this.stack = stack;
        this.local = local;
        this.backlog = backlog;
    }

    /**
     * Where it listens.
     *
     * @return address and port
     */
    public Endpoint local() {
        return local;
    }

    /**
     * How many connections may wait.
     *
     * @return the number given to {@link TcpStack#listen}
     */
    public int backlog() {
        return backlog;
    }

    /**
     * The application took the oldest connection that {@link TcpAction.Accepted} told of: its place in the backlog is
     * free. Call it once for each, also for one that has ended in the meantime.
     */
    public void accepted() {
        unaccepted.poll();
    }

    /**
     * The application took a certain connection; the same as {@link #accepted()} for programs that take them out of
     * order.
     *
     * @param connection one that {@link TcpAction.Accepted} told of
     */
    public void accepted(TcpConnection connection) {
        unaccepted.remove(connection);
    }

    /**
     * Stops listening. Half-open connections and those not accepted are reset; accepted ones go on.
     *
     * @param now the time
     */
    public void close(long now) {
        if (closed) {
            return;
        }
        closed = true;
        stack.remove(this);
        var waiting = new ArrayList<>(halfOpen);
        waiting.addAll(unaccepted);
        unaccepted.clear();
        waiting.forEach(connection -> connection.abort(now));
        stack.finish();
    }

    /**
     * What the application attached.
     *
     * @return the object, or null
     */
    public Object attachment() {
        return attachment;
    }

    /**
     * Remembers an object of the application with this listener.
     *
     * @param object any, or null
     */
    public void attach(Object object) {
        attachment = object;
    }

    /** Gives the endpoint. */
    @Override
    public String toString() {
        return local + " LISTEN";
    }

    /** Whether a SYN must be dropped. */
    boolean isFull() {
        return halfOpen.size() + unaccepted.size() >= backlog;
    }

    void halfOpened(TcpConnection connection) {
        halfOpen.add(connection);
    }

    void established(TcpConnection connection) {
        halfOpen.remove(connection);
        unaccepted.add(connection);
        stack.emit(new TcpAction.Accepted(this, connection));
    }

    /** A connection ended before it was established. */
    void forget(TcpConnection connection) {
        halfOpen.remove(connection);
    }
}
