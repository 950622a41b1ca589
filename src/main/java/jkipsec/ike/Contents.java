package jkipsec.ike;

import java.util.List;
import jkipsec.ike.message.Payload;
import jkipsec.ike.message.PayloadChain;

/**
 * What is inside a protected message, before it is sealed.
 *
 * @param firstInner the type of the first payload
 * @param octets the payloads, written; not to be changed
 */
record Contents(int firstInner, byte[] octets) {
    static Contents of(List<Payload> payloads) {
        return new Contents(PayloadChain.firstType(payloads), PayloadChain.write(payloads));
    }
}
