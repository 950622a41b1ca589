package jkipsec.tcp;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import jkipsec.bytes.RateLimit;
import jkipsec.ip.IpAddress;
import jkipsec.ip.IpHeader;
import jkipsec.ip.IpPacket;
import jkipsec.ip.IpProtocol;
import jkipsec.ip.Refusal;

/**
 * What a stack does with connections to addresses that are not ours: offers them, within bounds. Confined to the
 * stack's thread.
 */
final class TcpForwarder {
    private static final int ERRORS_A_SECOND = 100;

    private final TcpStack stack;
    private final Predicate<? super IpAddress> elsewhere;
    private final int mostUndecided;
    private final int mostOpen;
    private final Map<FourTuple, TcpOffer> undecided = new HashMap<>();
    private final Set<TcpConnection> open = new HashSet<>();
    private final RateLimit errors = new RateLimit(ERRORS_A_SECOND);

    TcpForwarder(TcpStack stack, Predicate<? super IpAddress> elsewhere, int mostUndecided, int mostOpen) {
        if (mostUndecided < 1 || mostOpen < 1) {
            throw new IllegalArgumentException("a forwarder needs room for one connection at least, not "
                    + mostUndecided + " undecided and " + mostOpen + " open");
        }
        this.stack = stack;
        this.elsewhere = elsewhere;
        this.mostUndecided = mostUndecided;
        this.mostOpen = mostOpen;
    }

    boolean takes(IpAddress local) {
        return elsewhere.test(local);
    }

    /** A SYN arrived: the application is to decide. */
    void arrive(FourTuple tuple, TcpSegment syn, IpPacket packet) {
        TcpOffer known = undecided.get(tuple);
        if (known != null) {
            known.repeated(syn, packet);
            stack.drop(TcpDrop.DUPLICATE);
        } else if (undecided.size() >= mostUndecided) {
            stack.drop(TcpDrop.BACKLOG_FULL);
        } else if (undecided.size() + open.size() >= mostOpen) {
            stack.drop(TcpDrop.TOO_MANY_CONNECTIONS);
        } else {
            var offer = new TcpOffer(this, tuple, syn, packet);
            undecided.put(tuple, offer);
            stack.emit(new TcpAction.Offered(offer));
        }
    }

    boolean holds(TcpOffer offer) {
        return undecided.get(offer.tuple) == offer;
    }

    TcpConnection accept(TcpOffer offer, TcpSegment syn, long now) throws PortInUse {
        if (!undecided.remove(offer.tuple, offer)) {
            throw new IllegalStateException("the connection from " + offer + " was accepted, refused or ended before");
        }
        TcpConnection connection = stack.acceptOffered(offer.tuple, syn, now);
        open.add(connection);
        stack.finish(connection);
        return connection;
    }

    void refuse(TcpOffer offer, Refusal how, long now) {
        if (!undecided.remove(offer.tuple, offer)) {
            return;
        }
        FourTuple tuple = offer.tuple;
        if (how == Refusal.CLOSED) {
            stack.resets().send(IpHeader.of(tuple.local(), tuple.remote(), IpProtocol.TCP), offer.syn());
        } else if (how != Refusal.SILENT && errors.tryAcquire(now)) {
            stack.emit(new TcpAction.Transmit(how.icmp(offer.packet()).packet(tuple.local(), tuple.remote())));
        }
        stack.finish();
    }

    /** A connection is over, or is in TIME-WAIT and takes no more room than that. */
    void ended(TcpConnection connection) {
        open.remove(connection);
    }

    void forgetUndecided() {
        undecided.clear();
    }
}
