package jkipsec;

import static jkipsec.SocketCase.of;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;

/** What a socket says of itself, and what it is bound to. */
final class SocketStateCases {
    private SocketStateCases() {}

    static List<SocketCase> all() {
        return List.of(
                of("a new socket is neither bound nor connected", stage -> state(stage, "new", stage.socket())),
                of("a connected socket names both ends", stage -> {
                    var pair = stage.pair();
                    state(stage, "near", pair.near());
                    state(stage, "far", pair.far());
                    stage.note("near is connected to", pair.near().getRemoteSocketAddress()
                            .equals(pair.listening().getLocalSocketAddress()));
                    stage.note("far sees near", pair.far().getRemoteSocketAddress()
                            .equals(pair.near().getLocalSocketAddress()));
                    stage.note("near's address", pair.near().getInetAddress().equals(stage.there()));
                    stage.note("far's address", pair.far().getInetAddress().equals(stage.here()));
                    stage.note("same port as the listening one",
                            pair.far().getLocalPort() == pair.listening().getLocalPort());
                }),
                of("a closed socket still names its peer, and no longer its own address", stage -> {
                    var pair = stage.pair();
                    int port = pair.near().getLocalPort();
                    pair.near().close();
                    state(stage, "closed", pair.near());
                    stage.note("same local port", pair.near().getLocalPort() == port);
                    stage.note("peer", pair.near().getRemoteSocketAddress()
                            .equals(pair.listening().getLocalSocketAddress()));
                }),
                of("a socket closed before use is closed", stage -> {
                    Socket socket = stage.socket();
                    socket.close();
                    socket.close();
                    state(stage, "closed", socket);
                    stage.does("bind", () -> socket.bind(null));
                    stage.does("connect", () -> socket.connect(stage.refusing()));
                }),
                of("binding to anything takes a port", stage -> {
                    Socket socket = stage.socket();
                    socket.bind(null);
                    state(stage, "bound", socket);
                }),
                of("binding to an address takes a port there", stage -> {
                    Socket socket = stage.socket();
                    socket.bind(new InetSocketAddress(stage.here(), 0));
                    state(stage, "bound", socket);
                    stage.note("there", socket.getLocalAddress().equals(stage.here()));
                }),
                of("a bound socket connects from its port", stage -> {
                    var listening = stage.listening();
                    Socket socket = stage.socket();
                    socket.bind(new InetSocketAddress(stage.here(), 0));
                    int port = socket.getLocalPort();
                    socket.connect(listening.getLocalSocketAddress());
                    stage.note("same", socket.getLocalPort() == port);
                    stage.note("as the peer sees it", stage.keep(listening.accept()).getPort() == port);
                    stage.note("address", socket.getLocalAddress().equals(stage.here()));
                }),
                of("a socket bound to the wildcard address gets one by connecting", stage -> {
                    var listening = stage.listening();
                    Socket socket = stage.socket();
                    socket.bind(new InetSocketAddress(0));
                    int port = socket.getLocalPort();
                    socket.connect(listening.getLocalSocketAddress());
                    stage.note("same", socket.getLocalPort() == port);
                    stage.note("address", socket.getLocalAddress().equals(stage.here()));
                }),
                of("a socket is bound once", stage -> {
                    Socket socket = stage.socket();
                    socket.bind(null);
                    stage.does("bind again", () -> socket.bind(null));
                    Socket connected = stage.pair().near();
                    stage.does("bind when connected", () -> connected.bind(null));
                }),
                of("a name is no address to bind to", stage -> {
                    Socket socket = stage.socket();
                    stage.does("bind", () -> socket.bind(InetSocketAddress.createUnresolved("device", 0)));
                }),
                of("an address of somebody else cannot be bound to", stage -> {
                    Socket socket = stage.socket();
                    stage.does("bind", () -> socket.bind(new InetSocketAddress(foreign(), 0)));
                    stage.note("bound", socket.isBound());
                    stage.note("closed", socket.isClosed());
                }),
                of("a port that another socket is bound to is in use", stage -> {
                    Socket first = stage.socket();
                    first.bind(new InetSocketAddress(stage.here(), 0));
                    var same = new InetSocketAddress(stage.here(), first.getLocalPort());
                    Socket second = stage.socket();
                    stage.does("second", () -> second.bind(same));
                    stage.note("bound", second.isBound());
                    first.close();
                    Socket third = stage.socket();
                    stage.does("when the first is closed", () -> third.bind(same));
                }),
                of("a factory's sockets are connected", stage -> {
                    var listening = stage.listening();
                    int port = listening.getLocalPort();
                    InetAddress there = stage.there();
                    var factory = stage.factory();
                    state(stage, "by address", stage.keep(factory.createSocket(there, port)));
                    state(stage, "by name", stage.keep(factory.createSocket(there.getHostAddress(), port)));
                    state(stage, "from here", stage.keep(factory.createSocket(there, port, stage.here(), 0)));
                    state(stage, "by name from here", stage.keep(
                            factory.createSocket(there.getHostAddress(), port, stage.here(), 0)));
                    var refusing = stage.refusing();
                    stage.tries("refused", () -> factory.createSocket(there, refusing.getPort()));
                    stage.tries("from somebody else's address", () -> factory.createSocket(there, port, foreign(), 0));
                }),
                of("what is not connected has no streams", stage -> {
                    Socket socket = stage.socket();
                    stage.tries("input", socket::getInputStream);
                    stage.tries("output", socket::getOutputStream);
                    stage.does("shutdownInput", socket::shutdownInput);
                    stage.does("shutdownOutput", socket::shutdownOutput);
                }),
                of("what is closed has no streams", stage -> {
                    Socket socket = stage.pair().near();
                    socket.close();
                    stage.tries("input", socket::getInputStream);
                    stage.tries("output", socket::getOutputStream);
                    stage.does("shutdownInput", socket::shutdownInput);
                    stage.does("shutdownOutput", socket::shutdownOutput);
                }),
                of("a socket has one pair of streams", stage -> {
                    Socket socket = stage.pair().near();
                    stage.note("input", socket.getInputStream() == socket.getInputStream());
                    stage.note("output", socket.getOutputStream() == socket.getOutputStream());
                }),
                of("closing either stream closes the socket", stage -> {
                    Socket one = stage.pair().near();
                    one.getInputStream().close();
                    state(stage, "by input", one);
                    Socket other = stage.pair().near();
                    other.getOutputStream().close();
                    state(stage, "by output", other);
                }));
    }

    private static InetAddress foreign() throws Exception {
        return InetAddress.getByAddress(new byte[] {(byte) 198, 51, 100, 9});
    }

    private static void state(SocketStage stage, String whose, Socket socket) {
        stage.note(whose + ": bound", socket.isBound());
        stage.note(whose + ": connected", socket.isConnected());
        stage.note(whose + ": closed", socket.isClosed());
        stage.note(whose + ": input shut down", socket.isInputShutdown());
        stage.note(whose + ": output shut down", socket.isOutputShutdown());
        stage.note(whose + ": has a peer's address", socket.getInetAddress() != null);
        stage.note(whose + ": has a peer's socket address", socket.getRemoteSocketAddress() != null);
        stage.note(whose + ": peer's port", Integer.signum(socket.getPort()));
        stage.note(whose + ": local port", Integer.signum(socket.getLocalPort()));
        stage.note(whose + ": has a local socket address", socket.getLocalSocketAddress() != null);
        stage.note(whose + ": local address is the wildcard", socket.getLocalAddress().isAnyLocalAddress());
        stage.note(whose + ": channel", socket.getChannel());
        stage.note(whose + ": as text", socket.toString().replaceAll("=[^,\\]]*", "="));
    }
}
