package jkipsec.tcp;

import static jkipsec.tcp.ScriptedPeer.HOST;
import static jkipsec.tcp.ScriptedPeer.PEER;
import static jkipsec.tcp.ScriptedPeer.SYN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import jkipsec.ip.Endpoint;
import jkipsec.ip.IpAddress;
import org.junit.jupiter.api.Test;

/** Ports that sockets are bound to before they connect. */
class ReservedPortsTest {
    private final ScriptedPeer peer = new ScriptedPeer();
    private final TcpStack stack = peer.stack;

    @Test
    void aReservedPortIsNobodyElses() throws PortInUse {
        Endpoint kept = stack.reserve(new Endpoint(HOST.address(), 1234));
        assertEquals(1234, kept.port());
        assertThrows(PortInUse.class, () -> stack.reserve(kept));
        assertThrows(PortInUse.class, () -> stack.listen(kept, 1));
        assertEquals(1234, stack.reserve(new Endpoint(other(), 1234)).port());
        stack.release(kept);
        assertThrows(PortInUse.class, () -> stack.reserve(stack.listen(kept, 1).local()));
    }

    @Test
    void aReservedPortIsConnectedFrom() throws PortInUse {
        Endpoint kept = stack.reserve(new Endpoint(HOST.address(), 0));
        assertTrue(kept.port() > 0);
        stack.connect(kept, PEER, peer.now);
        assertEquals(kept.port(), peer.expect(SYN).header().sourcePort());
    }

    @Test
    void chosenPortsAreNoneThatAreReserved() throws PortInUse {
        Set<Integer> ports = new HashSet<>();
        for (int i = 0; i < 65_536 - 49_152; i++) {
            assertTrue(ports.add(stack.reserve(new Endpoint(HOST.address(), 0)).port()));
        }
        assertThrows(PortInUse.class, () -> stack.reserve(new Endpoint(HOST.address(), 0)));
        assertThrows(PortInUse.class, () -> stack.listen(new Endpoint(HOST.address(), 0), 1));
        assertThrows(PortInUse.class, () -> stack.connect(new Endpoint(HOST.address(), 0), PEER, peer.now));
    }

    private static IpAddress other() {
        return IpAddress.parse("10.99.0.7");
    }
}
