package jkipsec.pki;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jkipsec.bytes.MalformedMessage;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class PeerCertificatesProperties {
    private static final TrustAnchors ROOT = Fixtures.anchors("root");
    private static final List<byte[]> USER = Fixtures.der(Pem.certificates(Fixtures.pem("user")));

    @Property(tries = 500)
    void anyOctetsAreCertificatesOrMalformed(@ForAll List<byte[]> der) {
        try {
            PeerCertificates.parse(der);
        } catch (MalformedMessage e) {
            // The other thing parsing may do.
        }
    }

    /** Where a certificate is changed in any octet, nothing throws, and nobody is trusted. */
    @Property(tries = 600)
    void aChangedCertificateIsMalformedOrNotTrusted(
            @ForAll @IntRange(min = 0, max = 1) int which,
            @ForAll @Size(min = 1, max = 3) List<@IntRange(min = 0, max = 600) Integer> places,
            @ForAll @IntRange(min = 1, max = 255) int change) {
        var der = new ArrayList<>(USER);
        byte[] changed = der.get(which).clone();
        int last = -1;
        for (int place : places) {
            // Never the same octet twice, which could undo the change.
            if (place % changed.length != last) {
                last = place % changed.length;
                changed[last] ^= (byte) change;
            }
        }
        if (Arrays.equals(changed, USER.get(which))) {
            return;
        }
        der.set(which, changed);
        try {
            PeerCertificates sent = PeerCertificates.parse(der);
            assertInstanceOf(Trust.Distrusted.class, sent.validate(ROOT, CertificateUse.DEVICE, Fixtures.NOW));
        } catch (MalformedMessage e) {
            // Refused even earlier.
        }
    }
}
