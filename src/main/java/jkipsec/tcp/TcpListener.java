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
 * <p>Its backlog bounds the connections that are half-open, and likewise those that are established and not yet
 * accepted. A SYN beyond that is dropped, and so is the acknowledgment that would establish one more: the peer will send
 * them again. But half-open connections whose peer did not answer in time give way to newer ones, the oldest first (RFC
 * 4987 §3.4), so that a flood of SYNs keeps others out for a second, not for a minute. Confined to the thread of its
 * {@link TcpStack}.
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

    /** Whether no more can be established until the application accepts one. */
    boolean isFull() {
        return unaccepted.size() >= backlog;
    }

    /** Whether one more may be half-open; the oldest gives way if its peer has left our SYN unanswered once. */
    boolean makeRoom() {
        if (halfOpen.size() < backlog) {
            return true;
        }
        TcpConnection oldest = halfOpen.iterator().next();
        if (oldest.retransmission.retries() == 0) {
            return false; // in a burst of honest SYNs the answers are still under way
        }
        stack.drop(TcpDrop.HALF_OPEN);
        oldest.end(TcpEnd.TIMED_OUT);
        return true;
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
