package jkipsec;

import static jkipsec.SocketCase.of;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.List;

/** How a connection ends: in halves, in order, by a reset. */
final class SocketEndCases {
    private SocketEndCases() {}

    static List<SocketCase> all() {
        return List.of(
                of("the end of the stream stays", stage -> {
                    var pair = stage.pair();
                    pair.far().getOutputStream().write(5);
                    pair.far().close();
                    InputStream in = pair.near().getInputStream();
                    stage.note("before", in.read());
                    stage.note("end", in.read());
                    stage.note("again", in.read(new byte[3]));
                    stage.note("nothing", in.read(new byte[0]));
                    stage.note("available", in.available());
                    stage.note("closed", pair.near().isClosed());
                    pair.near().close();
                    stage.tries("when closed", in::read);
                }),
                of("reading and writing a closed socket fail", stage -> {
                    var pair = stage.pair();
                    InputStream in = pair.near().getInputStream();
                    OutputStream out = pair.near().getOutputStream();
                    pair.near().close();
                    pair.near().close();
                    stage.tries("read", in::read);
                    stage.does("write", () -> out.write(1));
                    stage.does("flush", out::flush);
                    stage.does("close the stream", in::close);
                }),
                of("shutting down output ends the peer's input only", stage -> {
                    var pair = stage.pair();
                    OutputStream out = pair.near().getOutputStream();
                    out.write(1);
                    pair.near().shutdownOutput();
                    stage.note("peer", pair.far().getInputStream().readAllBytes().length);
                    stage.does("write", () -> out.write(1));
                    stage.tries("stream", pair.near()::getOutputStream);
                    stage.does("again", pair.near()::shutdownOutput);
                    stage.note("said", pair.near().isOutputShutdown() + " " + pair.near().isInputShutdown());
                    pair.far().getOutputStream().write(9);
                    stage.note("back", pair.near().getInputStream().read());
                    stage.note("closed", pair.near().isClosed());
                }),
                of("shutting down input ends input at once", stage -> {
                    var pair = stage.pair();
                    InputStream in = pair.near().getInputStream();
                    pair.far().getOutputStream().write(new byte[10]);
                    in.read();
                    pair.near().shutdownInput();
                    stage.note("read", in.read());
                    stage.note("available", in.available());
                    stage.tries("stream", pair.near()::getInputStream);
                    stage.does("again", pair.near()::shutdownInput);
                    stage.note("said", pair.near().isOutputShutdown() + " " + pair.near().isInputShutdown());
                    stage.does("the peer writes on", () -> pair.far().getOutputStream().write(1));
                    pair.near().getOutputStream().write(2);
                    stage.note("the peer reads on", pair.far().getInputStream().read());
                    pair.near().close();
                    stage.tries("when closed", in::read);
                }),
                of("both halves shut down are not a closed socket", stage -> {
                    var pair = stage.pair();
                    pair.near().shutdownOutput();
                    pair.near().shutdownInput();
                    stage.note("closed", pair.near().isClosed());
                    stage.note("connected", pair.near().isConnected());
                    stage.note("peer", pair.far().getInputStream().read());
                }),
                of("halves close one after the other", stage -> {
                    var pair = stage.pair();
                    var echo = Waiter.start(() -> {
                        long copied = pair.far().getInputStream().transferTo(pair.far().getOutputStream());
                        pair.far().close();
                        return copied;
                    });
                    pair.near().getOutputStream().write(new byte[70_000]);
                    pair.near().shutdownOutput();
                    stage.note("back", pair.near().getInputStream().readAllBytes().length);
                    stage.note("copied", echo.result());
                }),
                of("both ends finish at once", stage -> {
                    var pair = stage.pair();
                    pair.near().shutdownOutput();
                    pair.far().shutdownOutput();
                    OutputStream out = stage.pair().near().getOutputStream();
                    stage.note("near", pair.near().getInputStream().read());
                    stage.note("far", pair.far().getInputStream().read());
                    stage.does("something else", () -> out.write(1));
                }),
                of("writing after both ends have finished breaks the pipe", stage -> {
                    var pair = stage.pair();
                    OutputStream out = pair.near().getOutputStream();
                    pair.near().shutdownOutput();
                    pair.far().close();
                    stage.note("end", pair.near().getInputStream().read());
                    stage.does("write", () -> out.write(1));
                }),
                of("a reset fails every read", stage -> {
                    var pair = stage.pair();
                    InputStream in = pair.near().getInputStream();
                    OutputStream out = pair.near().getOutputStream();
                    reset(pair.far());
                    stage.tries("read", in::read);
                    stage.tries("again", () -> in.read(new byte[10]));
                    stage.note("available", in.available());
                    stage.note("closed", pair.near().isClosed());
                    stage.does("write", () -> out.write(1));
                    stage.does("shutdownInput", pair.near()::shutdownInput);
                }),
                of("a reset fails the first write and breaks the pipe for others", stage -> {
                    var pair = stage.pair();
                    OutputStream out = pair.near().getOutputStream();
                    reset(pair.far());
                    stage.untilItFails("write", () -> out.write(1));
                    stage.does("again", () -> out.write(1));
                    stage.tries("read", () -> pair.near().getInputStream().read());
                    // From there a program could not tell a stream that was cut off from one that is complete.
                }).except("read", "SocketException: Connection reset"),
                of("what came before a reset can be read", stage -> {
                    var pair = stage.pair();
                    InputStream in = pair.near().getInputStream();
                    pair.far().getOutputStream().write(new byte[5]);
                    stage.note("first", in.read());
                    reset(pair.far());
                    stage.untilItFails("write", () -> pair.near().getOutputStream().write(1));
                    stage.note("rest", in.read(new byte[10]));
                }),
                of("a peer that closes with data unread resets", stage -> {
                    var pair = stage.pair();
                    pair.near().getOutputStream().write(new byte[10]);
                    pair.far().getInputStream().read();
                    pair.far().close();
                    stage.tries("read", () -> pair.near().getInputStream().read());
                    // The JDK's sends a FIN before it, so that its reader does not learn of what got lost.
                }).except("read", "SocketException: Connection reset"),
                of("a peer that closes with all data read does not reset", stage -> {
                    var pair = stage.pair();
                    pair.near().getOutputStream().write(new byte[10]);
                    pair.far().getInputStream().readNBytes(10);
                    pair.far().close();
                    stage.tries("read", () -> pair.near().getInputStream().read());
                }),
                of("writing to a peer that has closed breaks the pipe", stage -> {
                    var pair = stage.pair();
                    OutputStream out = pair.near().getOutputStream();
                    pair.far().close();
                    stage.note("end", pair.near().getInputStream().read());
                    stage.does("the first goes out", () -> out.write(1));
                    stage.untilItFails("later", () -> out.write(1));
                    stage.note("still the end", pair.near().getInputStream().read());
                }),
                of("no time to linger resets", stage -> {
                    var pair = stage.pair();
                    pair.near().setSoLinger(true, 0);
                    pair.near().getOutputStream().write(1);
                    stage.note("written", pair.far().getInputStream().read());
                    pair.near().close();
                    stage.tries("peer", () -> pair.far().getInputStream().read());
                }),
                of("closing lingers until the peer has everything", stage -> {
                    var pair = stage.pair();
                    pair.near().setSoLinger(true, 30);
                    pair.near().getOutputStream().write(new byte[20_000]);
                    pair.near().close();
                    stage.note("with the peer", pair.far().getInputStream().available());
                    stage.note("read", pair.far().getInputStream().readAllBytes().length);
                }),
                of("who lingers on a peer that does not read waits for it", stage -> {
                    var pair = stage.pair();
                    pair.near().setSoLinger(true, 600);
                    pair.far().setSoTimeout(30_000);
                    var writer = stage.waiting(true, () -> {
                        pair.near().getOutputStream().write(new byte[24_000_000]);
                        return null;
                    });
                    var closing = Waiter.startPlatform(() -> {
                        pair.near().close();
                        return null;
                    });
                    closing.awaitBlockedOrDone(); // otherwise a fast reader lets the writer finish first
                    stage.note("some were read", pair.far().getInputStream().readAllBytes().length > 50_000);
                    stage.tries("writer", writer::result);
                    stage.tries("closed", closing::result);
                }),
                of("closing without lingering loses nothing either", stage -> {
                    var pair = stage.pair();
                    pair.near().getOutputStream().write(new byte[100_000]);
                    pair.near().close();
                    stage.note("read", pair.far().getInputStream().readAllBytes().length);
                }));
    }

    private static void reset(Socket socket) throws Exception {
        socket.setSoLinger(true, 0);
        socket.close();
    }
}
