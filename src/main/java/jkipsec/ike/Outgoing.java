package jkipsec.ike;

import java.util.List;
import java.util.Optional;
import jkipsec.ike.message.IkeHeader;

/**
 * A message to send, in as many datagrams as it takes, each from the IKE header on. A repetition sends them all again,
 * octet for octet.
 *
 * @param datagrams the message, or its fragments in order
 * @param header its header
 * @param contents what is inside, to divide it anew; nothing when it is not protected
 */
record Outgoing(List<byte[]> datagrams, IkeHeader header, Optional<Contents> contents) {
    Outgoing {
        datagrams = List.copyOf(datagrams);
    }

    /** A message of IKE_SA_INIT. */
    static Outgoing unprotected(IkeHeader header, byte[] message) {
        return new Outgoing(List.of(message), header, Optional.empty());
    }

    /** The octets that stand for it in {@link IntAuth}. */
    byte[] authenticated() {
        return IntAuth.of(header, contents.orElseThrow());
    }

    /** The length of its longest datagram. */
    int longest() {
        return datagrams.stream().mapToInt(datagram -> datagram.length).max().orElseThrow();
    }
}
