package jkipsec;

import org.junit.jupiter.api.AfterEach;

/** A client that may reach every address of either family, and a server that has yet to say who forwards. */
abstract class ForwarderStage {
    final VpnServer server;
    final Tunnel device;
    final Tunnel gateway;

    ForwarderStage() throws Exception {
        server = VpnServer.start(Loopback.config().addressPool6("fd12:3456:789a::/64").offer("0.0.0.0/0", "::/0").build());
        device = VpnClient.connect(Loopback.clientOf(server).ipv6(true).build());
        gateway = server.accept();
    }

    @AfterEach
    void close() {
        device.close();
        server.close();
    }

    /** A relay to this machine's loopback interface, which is not allowed by default. */
    static Forwarder relayToLoopback() {
        return Forwarders.relay(Destinations.all().allow("127.0.0.1"));
    }
}
