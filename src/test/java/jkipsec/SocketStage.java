package jkipsec;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import javax.net.SocketFactory;

/** What a {@link SocketCase} is played on: makes its sockets, and takes down what could be seen. */
final class SocketStage implements AutoCloseable {
    /** Two ends of a connection, and what the far one was accepted from. */
    record Pair(Socket near, Socket far, ServerSocket listening) {}

    /** Something to do that gives nothing. */
    interface Deed {
        void run() throws Exception;
    }

    private final SocketWorld world;
    private final Map<String, String> seen = new LinkedHashMap<>();
    private final Deque<Closeable> toClose = new ArrayDeque<>();

    SocketStage(SocketWorld world) {
        this.world = world;
    }

    /** What was seen so far, in order. */
    Map<String, String> seen() {
        return seen;
    }

    InetAddress there() {
        return world.there();
    }

    InetAddress here() {
        return world.here();
    }

    SocketFactory factory() {
        return world.sockets();
    }

    /** A socket that is not connected. */
    Socket socket() throws IOException {
        return keep(world.sockets().createSocket());
    }

    /** A server's socket that is not bound. */
    ServerSocket server() throws IOException {
        return keep(world.server());
    }

    /** A server's socket at a free port. */
    ServerSocket listening() throws IOException {
        ServerSocket server = server();
        server.bind(new InetSocketAddress(there(), 0));
        return server;
    }

    Pair pair() throws IOException {
        ServerSocket listening = listening();
        Socket near = connected(listening);
        return new Pair(near, keep(listening.accept()), listening);
    }

    Socket connected(ServerSocket to) throws IOException {
        Socket socket = socket();
        socket.connect(to.getLocalSocketAddress());
        return socket;
    }

    /** A port at the other end where nobody listens. */
    InetSocketAddress refusing() throws IOException {
        ServerSocket server = listening();
        server.close();
        return new InetSocketAddress(there(), server.getLocalPort());
    }

    /** A port at the other end that does not answer: its backlog is full. */
    InetSocketAddress silent() throws IOException {
        ServerSocket server = server();
        server.bind(new InetSocketAddress(there(), 0), 1);
        var address = new InetSocketAddress(there(), server.getLocalPort());
        // Twice in a row: on a busy machine a single one may only have been slow.
        for (int late = 0; late < 2; ) {
            try {
                socket().connect(address, 400);
                late = 0;
            } catch (SocketTimeoutException full) {
                late++;
            }
        }
        return address;
    }

    <T extends Closeable> T keep(T resource) {
        toClose.push(resource);
        return resource;
    }

    void note(String what, Object value) {
        if (seen.put(what, String.valueOf(value)) != null) {
            throw new IllegalStateException("seen twice: " + what);
        }
    }

    /** Notes what comes of it. */
    void tries(String what, Callable<?> attempt) {
        String outcome;
        try {
            outcome = String.valueOf(attempt.call());
        } catch (Exception e) {
            outcome = describe(e);
        }
        note(what, outcome);
    }

    void does(String what, Deed attempt) {
        tries(what, () -> {
            attempt.run();
            return "done";
        });
    }

    /** Does something until it fails, and notes how: what the peer did takes its time to arrive. */
    void untilItFails(String what, Deed attempt) {
        does(what, () -> {
            while (true) {
                attempt.run();
                LockSupport.parkNanos(1_000_000);
            }
        });
    }

    /** Begins something on a thread of its own, and returns when it waits. */
    <T> Waiter<T> waiting(boolean virtual, Callable<T> attempt) {
        Waiter<T> waiter = virtual ? Waiter.start(attempt) : Waiter.startPlatform(attempt);
        waiter.awaitBlocked();
        return waiter;
    }

    static String describe(Throwable e) {
        return e.getClass().getSimpleName() + ": " + e.getMessage();
    }

    @Override
    public void close() throws IOException {
        while (!toClose.isEmpty()) {
            toClose.pop().close();
        }
    }
}
