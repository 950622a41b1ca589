package jkipsec;

import static jkipsec.SocketCase.of;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;

/** Sockets that accept. */
final class ServerSocketCases {
    private ServerSocketCases() {}

    static List<SocketCase> all() {
        return List.of(
                of("a new server's socket is not bound", stage -> {
                    ServerSocket server = stage.server();
                    state(stage, "new", server);
                    stage.tries("accept", server::accept);
                }),
                of("a listening one names its address and port", stage -> {
                    ServerSocket server = stage.listening();
                    state(stage, "listening", server);
                    stage.note("there", server.getInetAddress().equals(stage.there()));
                }),
                of("one at any address says so, and is reached", stage -> {
                    ServerSocket server = stage.server();
                    server.bind(null);
                    state(stage, "at any", server);
                    stage.note("wildcard", server.getInetAddress().isAnyLocalAddress());
                    Socket socket = stage.socket();
                    socket.connect(new InetSocketAddress(stage.there(), server.getLocalPort()));
                    Socket accepted = stage.keep(server.accept());
                    stage.note("accepted at", accepted.getLocalAddress().equals(stage.there()));
                }),
                of("a closed one still names its port", stage -> {
                    ServerSocket server = stage.listening();
                    int port = server.getLocalPort();
                    server.close();
                    server.close();
                    state(stage, "closed", server);
                    stage.note("same port", server.getLocalPort() == port);
                    stage.tries("accept", server::accept);
                    stage.does("bind", () -> server.bind(null));
                }),
                of("one closed before use is closed", stage -> {
                    ServerSocket server = stage.server();
                    server.close();
                    state(stage, "closed", server);
                    stage.tries("accept", server::accept);
                    stage.does("bind", () -> server.bind(null));
                }),
                of("one is bound once", stage -> {
                    ServerSocket server = stage.listening();
                    stage.does("again", () -> server.bind(null));
                }),
                of("a port is listened on once", stage -> {
                    ServerSocket first = stage.listening();
                    var same = new InetSocketAddress(stage.there(), first.getLocalPort());
                    ServerSocket second = stage.server();
                    stage.does("second", () -> second.bind(same));
                    stage.note("bound", second.isBound());
                    stage.note("closed", second.isClosed());
                    ServerSocket any = stage.server();
                    stage.does("at any address", () -> any.bind(new InetSocketAddress(first.getLocalPort())));
                }),
                of("a port is free again when closed, though connections remain", stage -> {
                    var pair = stage.pair();
                    int port = pair.listening().getLocalPort();
                    pair.listening().close();
                    ServerSocket next = stage.server();
                    stage.does("bind", () -> next.bind(new InetSocketAddress(stage.there(), port)));
                    pair.near().getOutputStream().write(1);
                    stage.note("the old connection", pair.far().getInputStream().read());
                    stage.connected(next);
                    stage.note("a new one", stage.keep(next.accept()).isConnected());
                }),
                of("somebody else's address and names cannot be bound to", stage -> {
                    ServerSocket server = stage.server();
                    InetAddress foreign = InetAddress.getByAddress(new byte[] {(byte) 198, 51, 100, 9});
                    stage.does("address", () -> server.bind(new InetSocketAddress(foreign, 0)));
                    stage.does("name", () -> server.bind(InetSocketAddress.createUnresolved("device", 0)));
                    stage.note("bound", server.isBound());
                }),
                of("connections wait in order, with what was sent", stage -> {
                    ServerSocket server = stage.listening();
                    for (int i = 1; i <= 3; i++) {
                        stage.connected(server).getOutputStream().write(i);
                    }
                    for (int i = 1; i <= 3; i++) {
                        stage.note("number " + i, stage.keep(server.accept()).getInputStream().read());
                    }
                }),
                of("one that has ended is accepted all the same", stage -> {
                    ServerSocket server = stage.listening();
                    Socket socket = stage.connected(server);
                    socket.getOutputStream().write(4);
                    socket.close();
                    Socket accepted = stage.keep(server.accept());
                    stage.note("read", accepted.getInputStream().read());
                    stage.note("end", accepted.getInputStream().read());
                }),
                of("one that was reset is accepted all the same", stage -> {
                    ServerSocket server = stage.listening();
                    Socket socket = stage.connected(server);
                    socket.setSoLinger(true, 0);
                    socket.close();
                    Socket accepted = stage.keep(server.accept());
                    stage.tries("read", () -> accepted.getInputStream().read());
                }),
                of("closing resets those not accepted", stage -> {
                    ServerSocket server = stage.listening();
                    Socket waiting = stage.connected(server);
                    Socket accepted = stage.connected(server);
                    stage.keep(server.accept());
                    server.close();
                    stage.tries("not accepted", () -> accepted.getInputStream().read());
                    waiting.setSoTimeout(1);
                    stage.tries("accepted", () -> waiting.getInputStream().read());
                }),
                of("two acceptors share what comes", stage -> {
                    ServerSocket server = stage.listening();
                    var one = stage.waiting(true, () -> stage.keep(server.accept()).getInputStream().read());
                    var two = stage.waiting(false, () -> stage.keep(server.accept()).getInputStream().read());
                    stage.connected(server).getOutputStream().write(1);
                    stage.connected(server).getOutputStream().write(2);
                    stage.note("together", one.result() + two.result());
                }),
                of("options of a server", stage -> {
                    ServerSocket server = stage.listening();
                    stage.note("SO_TIMEOUT", server.getSoTimeout());
                    stage.note("SO_REUSEADDR", server.getReuseAddress());
                    stage.note("SO_RCVBUF", server.getReceiveBufferSize() > 0);
                    server.setSoTimeout(77);
                    server.setReuseAddress(false);
                    server.setReceiveBufferSize(10_000);
                    stage.note("set", server.getSoTimeout() + " " + server.getReuseAddress());
                    stage.does("negative time", () -> server.setSoTimeout(-1));
                    stage.does("no buffer", () -> server.setReceiveBufferSize(0));
                    server.close();
                    stage.tries("closed SO_TIMEOUT", server::getSoTimeout);
                    stage.tries("closed SO_REUSEADDR", server::getReuseAddress);
                    stage.does("closed set", () -> server.setReceiveBufferSize(1));
                }));
    }

    private static void state(SocketStage stage, String whose, ServerSocket server) {
        stage.note(whose + ": bound", server.isBound());
        stage.note(whose + ": closed", server.isClosed());
        stage.note(whose + ": port", Integer.signum(server.getLocalPort()));
        stage.note(whose + ": has an address", server.getInetAddress() != null);
        stage.note(whose + ": has a socket address", server.getLocalSocketAddress() != null);
        stage.note(whose + ": channel", server.getChannel());
        stage.note(whose + ": as text", server.toString().replaceAll("=[^,\\]]*", "="));
    }
}
