package jkipsec.tcp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jkipsec.ip.IpPacket;

/** The connections of a stack by their four-tuples, and how many there may be. Confined to the stack's thread. */
final class ConnectionTable {
    private final int most;
    private final Map<FourTuple, TcpConnection> connections = new HashMap<>();

    /** Those in TIME-WAIT, the oldest first. */
    private final Set<TcpConnection> timeWaiting = new LinkedHashSet<>();

    /** The connection of the last packet, which is often that of the next one. */
    private TcpConnection latest;

    ConnectionTable(int mostConnections) {
        most = mostConnections;
    }

    int size() {
        return connections.size();
    }

    List<TcpConnection> all() {
        return new ArrayList<>(connections.values());
    }

    /** The connection with a four-tuple, null when there is none. */
    TcpConnection get(FourTuple tuple) {
        return connections.get(tuple);
    }

    /** The connection a packet belongs to, null when there is none. */
    TcpConnection find(IpPacket packet, TcpHeader header) {
        TcpConnection last = latest;
        if (last != null && last.tuple.remotePort() == header.sourcePort()
                && last.tuple.localPort() == header.destinationPort()
                && last.tuple.remote().equals(packet.source()) && last.tuple.local().equals(packet.destination())) {
            return last;
        }
        TcpConnection found = connections.get(new FourTuple(
                packet.destination(), header.destinationPort(), packet.source(), header.sourcePort()));
        if (found != null) {
            latest = found;
        }
        return found;
    }

    void add(TcpConnection connection) {
        connections.put(connection.tuple, connection);
    }

    void enteredTimeWait(TcpConnection connection) {
        timeWaiting.add(connection);
    }

    void remove(TcpConnection connection) {
        connections.remove(connection.tuple, connection);
        timeWaiting.remove(connection);
        if (latest == connection) {
            latest = null;
        }
    }

    /** Whether one more connection is allowed; the oldest one in TIME-WAIT gives way. */
    boolean makeRoom() {
        if (connections.size() < most) {
            return true;
        }
        Iterator<TcpConnection> oldest = timeWaiting.iterator();
        if (!oldest.hasNext()) {
            return false;
        }
        oldest.next().end(TcpEnd.NORMAL);
        return true;
    }
}
