package jkipsec.cli.bench;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import jkipsec.bytes.RandomSource;
import jkipsec.bytes.Secret;
import jkipsec.crypto.InvalidPublicValue;
import jkipsec.crypto.KeyExchange;
import jkipsec.crypto.KeyExchangeMethod;

/**
 * The key exchanges of one handshake and nothing else: both ends' part, by the code that the handshake runs, so that
 * the ratio says what all the rest of a handshake costs.
 */
final class RawKeyExchange {
    /** What is agreed on by default. */
    static final List<KeyExchangeMethod> METHODS =
            List.of(KeyExchangeMethod.CURVE25519, KeyExchangeMethod.ML_KEM_768);

    private RawKeyExchange() {}

    /**
     * Does them all, over and over, on one thread: with X25519 two key pairs and two agreements, with ML-KEM one key
     * pair, encapsulated and decapsulated.
     *
     * @param limit how long
     * @return how often in a second
     * @throws InvalidPublicValue when one end does not take the other's value
     */
    static double rate(Duration limit) throws InvalidPublicValue {
        RandomSource random = new SecureRandom()::nextBytes;
        long times = 0;
        var watch = new Stopwatch(limit);
        while (watch.running()) {
            for (KeyExchangeMethod method : METHODS) {
                exchange(method, random);
            }
            times++;
        }
        return watch.perSecond(times);
    }

    private static void exchange(KeyExchangeMethod method, RandomSource random) throws InvalidPublicValue {
        KeyExchange initiator = method.generate(random);
        KeyExchange.Response responder = method.respond(initiator.publicValue(), random);
        Secret agreed = initiator.agree(responder.publicValue());
        agreed.destroy();
        responder.sharedSecret().destroy();
        initiator.destroy();
    }
}
