package jkipsec.cli.bench;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import javax.crypto.KeyAgreement;

/** The JDK's P-256, as much of it as one handshake needs at both ends. */
final class RawKeyExchange {
    private RawKeyExchange() {}

    /**
     * Generates two key pairs and agrees from both sides, over and over, on one thread.
     *
     * @param limit how long
     * @return how often in a second
     * @throws GeneralSecurityException when the JDK lacks it
     */
    static double rate(Duration limit) throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        long times = 0;
        var watch = new Stopwatch(limit);
        while (watch.running()) {
            KeyPair one = generator.generateKeyPair();
            KeyPair other = generator.generateKeyPair();
            agree(one, other);
            agree(other, one);
            times++;
        }
        return watch.perSecond(times);
    }

    private static void agree(KeyPair mine, KeyPair theirs) throws GeneralSecurityException {
        var agreement = KeyAgreement.getInstance("ECDH");
        agreement.init(mine.getPrivate());
        agreement.doPhase(theirs.getPublic(), true);
        agreement.generateSecret();
    }
}
