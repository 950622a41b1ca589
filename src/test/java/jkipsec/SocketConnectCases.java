package jkipsec;

import static jkipsec.SocketCase.of;

import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.List;

/** Connecting, and not. */
final class SocketConnectCases {
    private SocketConnectCases() {}

    static List<SocketCase> all() {
        return List.of(
                of("a port where nobody listens refuses", stage -> {
                    Socket socket = stage.socket();
                    var refusing = stage.refusing();
                    stage.does("connect", () -> socket.connect(refusing));
                    stage.note("closed", socket.isClosed());
                    stage.does("again", () -> socket.connect(refusing));
                    Socket other = stage.socket();
                    stage.does("with a time-out", () -> other.connect(refusing, 30_000));
                }),
                of("port 0 refuses", stage -> {
                    Socket socket = stage.socket();
                    stage.does("connect", () -> socket.connect(new InetSocketAddress(stage.there(), 0)));
                    stage.note("closed", socket.isClosed());
                }),
                of("a peer that does not answer is waited for until time is out", stage -> {
                    var silent = stage.silent();
                    Socket socket = stage.socket();
                    // Not so short that it is over before the JDK's knocks: it says so in other words then.
                    stage.does("connect", () -> socket.connect(silent, 500));
                    stage.note("closed", socket.isClosed());
                }),
                of("what is connected is not connected again", stage -> {
                    var pair = stage.pair();
                    stage.does("again", () -> pair.near().connect(pair.listening().getLocalSocketAddress()));
                    stage.does("an accepted one", () -> pair.far().connect(pair.listening().getLocalSocketAddress()));
                    stage.note("closed", pair.near().isClosed());
                }),
                of("arguments that make no sense are named", stage -> {
                    Socket socket = stage.socket();
                    stage.does("no address", () -> socket.connect(null));
                    stage.does("a negative time", () -> socket.connect(stage.refusing(), -1));
                    stage.does("another kind of address", () -> socket.connect(new SocketAddress() {
                        private static final long serialVersionUID = 1L;
                    }));
                    stage.note("closed", socket.isClosed());
                }),
                of("a name that was not found is unknown", stage -> {
                    Socket socket = stage.socket();
                    var nowhere = InetSocketAddress.createUnresolved("nowhere.invalid", 9);
                    stage.does("connect", () -> socket.connect(nowhere));
                }),
                of("two connections to one port are two", stage -> {
                    var listening = stage.listening();
                    Socket one = stage.connected(listening);
                    Socket two = stage.connected(listening);
                    stage.note("ports differ", one.getLocalPort() != two.getLocalPort());
                    one.getOutputStream().write(1);
                    two.getOutputStream().write(2);
                    stage.note("first", stage.keep(listening.accept()).getInputStream().read());
                    stage.note("second", stage.keep(listening.accept()).getInputStream().read());
                }),
                of("the time to connect is not the time to read", stage -> {
                    var listening = stage.listening();
                    Socket socket = stage.socket();
                    socket.connect(listening.getLocalSocketAddress(), 30_000);
                    stage.note("time-out", socket.getSoTimeout());
                }));
    }
}
