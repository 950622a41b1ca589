package jkipsec;

import static jkipsec.SocketCase.of;

import java.lang.reflect.Field;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import jdk.net.ExtendedSocketOptions;

/** Options, under their old and their new names. */
final class SocketOptionCases {
    private static final List<SocketOption<Integer>> KEEP_ALIVE = List.of(ExtendedSocketOptions.TCP_KEEPIDLE,
            ExtendedSocketOptions.TCP_KEEPINTERVAL, ExtendedSocketOptions.TCP_KEEPCOUNT);

    private SocketOptionCases() {}

    static List<SocketCase> all() {
        return List.of(
                of("the standard options are supported, but no sharing of ports", stage -> {
                    stage.note("of a socket", standard(stage.pair().near().supportedOptions()));
                    stage.note("of a new socket", standard(stage.socket().supportedOptions()));
                }).except("of a socket",
                                "[IP_TOS, SO_KEEPALIVE, SO_LINGER, SO_RCVBUF, SO_REUSEADDR, SO_SNDBUF, TCP_NODELAY]")
                        .except("of a new socket",
                                "[IP_TOS, SO_KEEPALIVE, SO_LINGER, SO_RCVBUF, SO_REUSEADDR, SO_SNDBUF, TCP_NODELAY]"),
                of("a server's standard options are supported, but no sharing of ports", stage ->
                        stage.note("of a server", standard(stage.listening().supportedOptions())))
                        .except("of a server", "[IP_TOS, SO_RCVBUF, SO_REUSEADDR]"),
                of("a socket begins with the usual settings", stage -> {
                    var pair = stage.pair();
                    for (Socket socket : List.of(pair.near(), pair.far(), stage.socket())) {
                        String whose = socket == pair.near() ? "near " : socket == pair.far() ? "far " : "new ";
                        stage.note(whose + "TCP_NODELAY", socket.getTcpNoDelay());
                        stage.note(whose + "SO_KEEPALIVE", socket.getKeepAlive());
                        stage.note(whose + "SO_LINGER", socket.getSoLinger());
                        stage.note(whose + "SO_TIMEOUT", socket.getSoTimeout());
                        stage.note(whose + "IP_TOS", socket.getTrafficClass());
                        stage.note(whose + "SO_RCVBUF", socket.getReceiveBufferSize() > 0);
                        stage.note(whose + "SO_SNDBUF", socket.getSendBufferSize() > 0);
                    }
                    stage.note("SO_REUSEADDR", stage.socket().getReuseAddress());
                }),
                of("Nagle's algorithm goes off and on", stage -> toggled(stage, StandardSocketOptions.TCP_NODELAY)),
                of("keep-alive goes on and off", stage -> toggled(stage, StandardSocketOptions.SO_KEEPALIVE)),
                of("reuse of addresses goes on and off", stage -> toggled(stage, StandardSocketOptions.SO_REUSEADDR)),
                of("old and new names are one option", stage -> {
                    Socket socket = stage.pair().near();
                    socket.setTcpNoDelay(true);
                    socket.setKeepAlive(true);
                    socket.setReuseAddress(true);
                    socket.setTrafficClass(0x10);
                    stage.note("TCP_NODELAY", socket.getOption(StandardSocketOptions.TCP_NODELAY));
                    stage.note("SO_KEEPALIVE", socket.getOption(StandardSocketOptions.SO_KEEPALIVE));
                    stage.note("SO_REUSEADDR", socket.getOption(StandardSocketOptions.SO_REUSEADDR));
                    stage.note("IP_TOS", socket.getOption(StandardSocketOptions.IP_TOS));
                    socket.setOption(StandardSocketOptions.TCP_NODELAY, false)
                            .setOption(StandardSocketOptions.IP_TOS, 0x20);
                    stage.note("set", socket.getTcpNoDelay() + " " + socket.getTrafficClass());
                }),
                of("options outlast the connecting", stage -> {
                    Socket socket = stage.socket();
                    socket.setTcpNoDelay(true);
                    socket.setKeepAlive(true);
                    socket.setSoLinger(true, 7);
                    socket.setSoTimeout(1234);
                    socket.setTrafficClass(8);
                    socket.connect(stage.listening().getLocalSocketAddress());
                    stage.note("flags", socket.getTcpNoDelay() + " " + socket.getKeepAlive());
                    stage.note("numbers", socket.getSoLinger() + " " + socket.getSoTimeout() + " "
                            + socket.getTrafficClass());
                }),
                of("the time to linger has a range", stage -> {
                    Socket socket = stage.pair().near();
                    for (int seconds : new int[] {0, 5, 65_535, 70_000}) {
                        socket.setSoLinger(true, seconds);
                        stage.note("after " + seconds, socket.getSoLinger());
                    }
                    stage.does("negative", () -> socket.setSoLinger(true, -1));
                    socket.setSoLinger(false, 9);
                    stage.note("off", socket.getSoLinger());
                    for (int seconds : new int[] {3, -1, 70_000, -7}) {
                        socket.setOption(StandardSocketOptions.SO_LINGER, seconds);
                        stage.note("by the new name after " + seconds,
                                socket.getOption(StandardSocketOptions.SO_LINGER));
                    }
                }),
                of("the time to read has a range", stage -> {
                    Socket socket = stage.pair().near();
                    socket.setSoTimeout(Integer.MAX_VALUE);
                    stage.note("longest", socket.getSoTimeout());
                    stage.does("negative", () -> socket.setSoTimeout(-1));
                    stage.note("unchanged", socket.getSoTimeout());
                }),
                of("the traffic class has a range", stage -> {
                    Socket socket = stage.pair().near();
                    socket.setTrafficClass(0x04);
                    stage.note("set", socket.getTrafficClass());
                    stage.does("negative", () -> socket.setTrafficClass(-1));
                    stage.does("large", () -> socket.setTrafficClass(256));
                    stage.does("large by the new name",
                            () -> socket.setOption(StandardSocketOptions.IP_TOS, 256));
                    stage.note("unchanged", socket.getTrafficClass());
                }),
                of("buffers have a size", stage -> {
                    Socket socket = stage.socket();
                    stage.does("receive 0", () -> socket.setReceiveBufferSize(0));
                    stage.does("send 0", () -> socket.setSendBufferSize(0));
                    stage.does("receive -1", () -> socket.setOption(StandardSocketOptions.SO_RCVBUF, -1));
                    stage.does("send -1", () -> socket.setOption(StandardSocketOptions.SO_SNDBUF, -1));
                    socket.setReceiveBufferSize(20_000);
                    socket.setSendBufferSize(20_000);
                    stage.note("receive", socket.getReceiveBufferSize() >= 20_000);
                    stage.note("send", socket.getSendBufferSize() >= 20_000);
                }),
                of("small buffers lose nothing", stage -> {
                    Socket socket = stage.socket();
                    ServerSocket listening = stage.listening();
                    socket.setSendBufferSize(1);
                    socket.setReceiveBufferSize(1);
                    socket.connect(listening.getLocalSocketAddress());
                    Socket far = stage.keep(listening.accept());
                    var sender = Waiter.start(() -> Loopback.send(socket, 100_000, 3));
                    stage.note("received", Loopback.receive(far));
                    stage.note("sent", sender.result());
                }),
                of("values of the wrong type are refused", stage -> {
                    Socket socket = stage.pair().near();
                    stage.does("none", () -> socket.setOption(StandardSocketOptions.SO_RCVBUF, null));
                    @SuppressWarnings({"unchecked", "rawtypes"})
                    SocketOption<Object> untyped = (SocketOption) StandardSocketOptions.TCP_NODELAY;
                    stage.does("a number for a flag", () -> socket.setOption(untyped, 1));
                    stage.tries("no option", () -> socket.getOption(null));
                }),
                of("keep-alive is tuned within the ranges of Linux", stage -> {
                    Socket socket = stage.pair().near();
                    for (SocketOption<Integer> option : KEEP_ALIVE) {
                        stage.note(option + " at first", socket.getOption(option));
                        for (int value : new int[] {-1, 0, 1, 127, 128, 32_767, 32_768}) {
                            stage.tries(option + " " + value, () -> socket.setOption(option, value).getOption(option));
                        }
                    }
                    socket.setKeepAlive(true);
                    socket.getOutputStream().write(1);
                }),
                of("an accepted socket has the options of the one that listened", stage -> {
                    ServerSocket listening = stage.listening();
                    listening.setOption(StandardSocketOptions.IP_TOS, 0x20);
                    for (SocketOption<Integer> option : KEEP_ALIVE) {
                        listening.setOption(option, 21);
                    }
                    stage.connected(listening);
                    Socket accepted = stage.keep(listening.accept());
                    stage.note("IP_TOS", accepted.getTrafficClass());
                    for (SocketOption<Integer> option : KEEP_ALIVE) {
                        stage.note(option + " accepted", accepted.getOption(option));
                        stage.note(option + " listening", listening.getOption(option));
                    }
                }),
                of("what makes no sense for a socket is not supported", stage -> {
                    var pair = stage.pair();
                    stage.does("set", () -> pair.near().setOption(StandardSocketOptions.IP_MULTICAST_TTL, 1));
                    stage.tries("get", () -> pair.near().getOption(StandardSocketOptions.SO_BROADCAST));
                    stage.does("set of a server",
                            () -> pair.listening().setOption(StandardSocketOptions.TCP_NODELAY, true));
                    stage.tries("get of a server",
                            () -> pair.listening().getOption(StandardSocketOptions.SO_LINGER));
                }),
                of("ports are not shared", stage -> {
                    stage.tries("get", () -> stage.socket().getOption(StandardSocketOptions.SO_REUSEPORT));
                    stage.does("set", () -> stage.server().setOption(StandardSocketOptions.SO_REUSEPORT, true));
                }).except("get", "UnsupportedOperationException: 'SO_REUSEPORT' not supported")
                        .except("set", "UnsupportedOperationException: 'SO_REUSEPORT' not supported"),
                of("urgent data is not sent, and what comes is read in line", stage -> {
                    Socket socket = stage.pair().near();
                    stage.note("in line", socket.getOOBInline());
                    stage.does("on", () -> socket.setOOBInline(true));
                    stage.does("off", () -> socket.setOOBInline(false));
                    stage.does("send", () -> socket.sendUrgentData(1));
                }).except("in line", "true").except("off", "SocketException: SO_OOBINLINE cannot be switched off")
                        .except("send", "SocketException: Urgent data not supported"),
                of("a closed socket has no options", stage -> {
                    Socket socket = stage.pair().near();
                    var supported = socket.supportedOptions();
                    socket.close();
                    stage.tries("TCP_NODELAY", socket::getTcpNoDelay);
                    stage.tries("SO_KEEPALIVE", socket::getKeepAlive);
                    stage.tries("SO_LINGER", socket::getSoLinger);
                    stage.tries("SO_TIMEOUT", socket::getSoTimeout);
                    stage.tries("IP_TOS", socket::getTrafficClass);
                    stage.tries("SO_RCVBUF", socket::getReceiveBufferSize);
                    stage.tries("SO_SNDBUF", socket::getSendBufferSize);
                    stage.tries("SO_OOBINLINE", socket::getOOBInline);
                    stage.tries("SO_REUSEADDR", socket::getReuseAddress);
                    stage.does("set TCP_NODELAY", () -> socket.setTcpNoDelay(true));
                    stage.does("set SO_KEEPALIVE", () -> socket.setKeepAlive(true));
                    stage.does("set SO_LINGER", () -> socket.setSoLinger(true, 1));
                    stage.does("set SO_TIMEOUT", () -> socket.setSoTimeout(1));
                    stage.does("set SO_RCVBUF", () -> socket.setReceiveBufferSize(1));
                    stage.tries("new name", () -> socket.getOption(StandardSocketOptions.SO_LINGER));
                    stage.note("still listed", supported.equals(socket.supportedOptions()));
                }),
                of("preferences change nothing", stage -> {
                    Socket socket = stage.socket();
                    stage.does("set", () -> socket.setPerformancePreferences(1, 2, 3));
                }));
    }

    private static void toggled(SocketStage stage, SocketOption<Boolean> option) throws Exception {
        Socket socket = stage.pair().near();
        stage.note("on", socket.setOption(option, true).getOption(option));
        stage.note("off", socket.setOption(option, false).getOption(option));
        socket.getOutputStream().write(1);
    }

    /** Those of {@link StandardSocketOptions}, in order. */
    private static String standard(Set<SocketOption<?>> options) {
        return options.stream().map(SocketOption::name)
                .filter(name -> StandardNames.ALL.contains(name))
                .collect(Collectors.toCollection(TreeSet::new)).toString();
    }

    private static final class StandardNames {
        private static final List<String> ALL = Arrays.stream(StandardSocketOptions.class.getFields())
                .map(Field::getName).toList();
    }
}
