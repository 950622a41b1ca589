package jkipsec;

import static jkipsec.SocketCase.of;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/** Time-outs, and what other threads do to one that waits: each on a platform and on a virtual thread. */
final class SocketWaitCases {
    private SocketWaitCases() {}

    static List<SocketCase> all() {
        var cases = new ArrayList<>(timeouts());
        if (Runtime.version().feature() >= 25) {
            cases.add(aQueueOfReaders());
        }
        for (boolean virtual : new boolean[] {false, true}) {
            cases.addAll(closing(virtual, virtual ? ", virtual" : ", platform"));
            cases.addAll(interrupting(virtual, virtual ? ", virtual" : ", platform"));
        }
        return cases;
    }

    /** The JDK's own sockets counted only their own waiting in Java 21. */
    private static SocketCase aQueueOfReaders() {
        return of("waiting for another reader counts", stage -> {
            var pair = stage.pair();
            var first = stage.waiting(true, () -> pair.near().getInputStream().read());
            pair.near().setSoTimeout(1);
            stage.tries("second", () -> pair.near().getInputStream().read());
            pair.far().getOutputStream().write(1);
            stage.note("first", first.result());
        });
    }

    private static List<SocketCase> timeouts() {
        return List.of(
                of("reading times out, and works later", stage -> {
                    var pair = stage.pair();
                    InputStream in = pair.near().getInputStream();
                    pair.near().setSoTimeout(1);
                    stage.tries("first", in::read);
                    stage.tries("second", () -> in.read(new byte[10], 2, 3));
                    stage.note("closed", pair.near().isClosed());
                    pair.near().setSoTimeout(30_000);
                    pair.far().getOutputStream().write(4);
                    stage.note("read", in.read());
                    pair.near().setSoTimeout(0);
                    pair.far().getOutputStream().write(5);
                    stage.note("without limit", in.read());
                }),
                of("reading what is there takes no time", stage -> {
                    var pair = stage.pair();
                    pair.far().getOutputStream().write(new byte[2]);
                    pair.near().getInputStream().read();
                    pair.near().setSoTimeout(1);
                    stage.note("read", pair.near().getInputStream().read());
                    pair.far().close();
                    pair.near().setSoTimeout(30_000);
                    stage.note("end", pair.near().getInputStream().read());
                }),
                of("accepting times out, and works later", stage -> {
                    ServerSocket listening = stage.listening();
                    listening.setSoTimeout(1);
                    stage.tries("first", listening::accept);
                    stage.note("closed", listening.isClosed());
                    listening.setSoTimeout(30_000);
                    stage.connected(listening);
                    stage.note("accepted", stage.keep(listening.accept()).isConnected());
                }),
                of("an accepted socket has no time-out", stage -> {
                    ServerSocket listening = stage.listening();
                    listening.setSoTimeout(30_000);
                    stage.connected(listening);
                    stage.note("time-out", stage.keep(listening.accept()).getSoTimeout());
                }));
    }

    private static List<SocketCase> closing(boolean virtual, String kind) {
        return List.of(
                of("closing wakes who reads" + kind, stage -> {
                    var pair = stage.pair();
                    var reader = stage.waiting(virtual, () -> pair.near().getInputStream().read());
                    pair.near().close();
                    stage.tries("reader", reader::result);
                    stage.note("peer", pair.far().getInputStream().read());
                }),
                of("closing wakes who reads with a time-out" + kind, stage -> {
                    var pair = stage.pair();
                    pair.near().setSoTimeout(60_000);
                    var reader = stage.waiting(virtual, () -> pair.near().getInputStream().read());
                    pair.near().close();
                    stage.tries("reader", reader::result);
                }),
                of("closing wakes who writes" + kind, stage -> {
                    var pair = stage.pair();
                    var writer = stage.waiting(virtual, () -> fill(pair.near().getOutputStream()));
                    pair.near().close();
                    stage.tries("writer", writer::result);
                }),
                of("closing wakes who accepts" + kind, stage -> {
                    ServerSocket listening = stage.listening();
                    var acceptor = stage.waiting(virtual, listening::accept);
                    listening.close();
                    stage.tries("acceptor", acceptor::result);
                }),
                of("closing wakes who connects" + kind, stage -> {
                    var silent = stage.silent();
                    Socket socket = stage.socket();
                    var connector = stage.waiting(virtual, () -> connect(socket, silent));
                    socket.close();
                    stage.tries("connector", connector::result);
                    stage.note("connected", socket.isConnected());
                }),
                of("shutting down input ends a read" + kind, stage -> {
                    var pair = stage.pair();
                    var reader = stage.waiting(virtual, () -> pair.near().getInputStream().read());
                    pair.near().shutdownInput();
                    stage.tries("reader", reader::result);
                }),
                of("shutting down output breaks a write" + kind, stage -> {
                    var pair = stage.pair();
                    var writer = stage.waiting(virtual, () -> fill(pair.near().getOutputStream()));
                    pair.near().shutdownOutput();
                    stage.tries("writer", writer::result);
                }),
                of("the peer's end ends a read" + kind, stage -> {
                    var pair = stage.pair();
                    var reader = stage.waiting(virtual, () -> pair.near().getInputStream().read());
                    pair.far().close();
                    stage.tries("reader", reader::result);
                }),
                of("a reset fails a read" + kind, stage -> {
                    var pair = stage.pair();
                    var reader = stage.waiting(virtual, () -> pair.near().getInputStream().read());
                    pair.far().setSoLinger(true, 0);
                    pair.far().close();
                    stage.tries("reader", reader::result);
                }),
                of("a reset fails a write" + kind, stage -> {
                    var pair = stage.pair();
                    var writer = stage.waiting(virtual, () -> fill(pair.near().getOutputStream()));
                    pair.far().setSoLinger(true, 0);
                    pair.far().close();
                    stage.tries("writer", writer::result);
                }));
    }

    private static List<SocketCase> interrupting(boolean virtual, String kind) {
        return List.of(
                of("interrupting who reads" + kind, stage -> {
                    var pair = stage.pair();
                    interrupt(stage, virtual, () -> pair.near().getInputStream().read(),
                            () -> pair.far().getOutputStream().write(3));
                    stage.note("closed", pair.near().isClosed());
                }),
                of("interrupting who reads with a time-out" + kind, stage -> {
                    var pair = stage.pair();
                    pair.near().setSoTimeout(60_000);
                    interrupt(stage, virtual, () -> pair.near().getInputStream().read(),
                            () -> pair.far().getOutputStream().write(3));
                    stage.note("closed", pair.near().isClosed());
                }),
                of("interrupting who writes" + kind, stage -> {
                    var pair = stage.pair();
                    interrupt(stage, virtual, () -> {
                        pair.near().getOutputStream().write(new byte[24_000_000]);
                        return null;
                    }, () -> pair.far().getInputStream().skipNBytes(24_000_000));
                    stage.note("closed", pair.near().isClosed());
                }),
                of("interrupting who accepts" + kind, stage -> {
                    ServerSocket listening = stage.listening();
                    interrupt(stage, virtual, () -> stage.keep(listening.accept()).isConnected(),
                            () -> stage.connected(listening));
                    stage.note("closed", listening.isClosed());
                }),
                of("interrupting who connects" + kind, stage -> {
                    var silent = stage.silent();
                    Socket socket = stage.socket();
                    interrupt(stage, virtual, () -> connect(socket, silent), socket::close);
                    stage.note("closed", socket.isClosed());
                }),
                of("who is interrupted already reads what is there" + kind, stage -> {
                    var pair = stage.pair();
                    pair.far().getOutputStream().write(new byte[] {6, 7});
                    stage.note("first", pair.near().getInputStream().read());
                    interrupted(stage, virtual, () -> pair.near().getInputStream().read());
                    stage.note("closed", pair.near().isClosed());
                }),
                of("who is interrupted already does not wait for octets" + kind, stage -> {
                    var pair = stage.pair();
                    pair.near().setSoTimeout(50);
                    interrupted(stage, virtual, () -> pair.near().getInputStream().read());
                    stage.note("closed", pair.near().isClosed());
                }),
                of("who is interrupted already writes what there is room for" + kind, stage -> {
                    var pair = stage.pair();
                    interrupted(stage, virtual, () -> {
                        pair.near().getOutputStream().write(8);
                        return null;
                    });
                    stage.note("written", pair.far().getInputStream().read());
                }));
    }

    private static void interrupt(
            SocketStage stage, boolean virtual, Callable<?> waits, SocketStage.Deed ends)
            throws Exception {
        var waiter = stage.waiting(virtual, () -> outcome(waits));
        waiter.thread().interrupt();
        if (!virtual) {
            ends.run();
        }
        stage.note("came of it", waiter.result());
    }

    private static void interrupted(SocketStage stage, boolean virtual, Callable<?> task)
            throws Exception {
        var start = virtual ? Thread.ofVirtual() : Thread.ofPlatform();
        var came = new CompletableFuture<String>();
        start.start(() -> {
            Thread.currentThread().interrupt();
            came.complete(outcome(task));
        });
        stage.note("came of it", came.get());
    }

    private static String outcome(Callable<?> task) {
        String outcome;
        try {
            outcome = String.valueOf(task.call());
        } catch (Exception e) {
            outcome = SocketStage.describe(e);
        }
        return outcome + ", interrupt status " + Thread.currentThread().isInterrupted();
    }

    private static Object fill(OutputStream out) throws Exception {
        while (true) {
            out.write(new byte[1_000_000]);
        }
    }

    private static Object connect(Socket socket, InetSocketAddress to) throws Exception {
        socket.connect(to);
        return "connected";
    }
}
