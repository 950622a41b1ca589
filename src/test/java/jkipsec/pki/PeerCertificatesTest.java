package jkipsec.pki;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import jkipsec.bytes.MalformedMessage;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeerCertificatesTest {
    private static final TrustAnchors ROOT = Fixtures.anchors("root");
    private static final int[] MASKS = {1, 2, 4, 8, 16, 32, 64, 128, 255};

    private static PeerCertificates sent(String... names) {
        var der = new ArrayList<byte[]>();
        for (String name : names) {
            der.addAll(Fixtures.der(Pem.certificates(Fixtures.pem(name))));
        }
        return parse(der);
    }

    private static PeerCertificates parse(List<byte[]> der) {
        try {
            return PeerCertificates.parse(der);
        } catch (MalformedMessage e) {
            throw new AssertionError(e);
        }
    }

    private static String fault(PeerCertificates sent, TrustAnchors anchors, CertificateUse use, Instant at) {
        return assertInstanceOf(Trust.Distrusted.class, sent.validate(anchors, use, at)).why();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gateway-p256", "gateway-p384", "gateway-rsa", "gateway-ed25519"})
    void aGatewayIsTrustedThroughItsIntermediate(String name) {
        PeerCertificates sent = sent(name);
        var trusted = assertInstanceOf(
                Trust.Trusted.class, sent.validate(ROOT, CertificateUse.GATEWAY, Fixtures.NOW));
        assertEquals(sent.certificate(), trusted.certificate());
        assertEquals(sent.certificate().getPublicKey(), trusted.key());
    }

    @Test
    void theOthersMayComeInAnyOrderAndTwice() {
        var der = new ArrayList<>(Fixtures.der(Pem.certificates(Fixtures.pem("user"))));
        der.addAll(Fixtures.der(Pem.certificates(Fixtures.pem("stranger"))));
        der.add(der.get(1));
        Collections.swap(der, 1, 3);
        assertInstanceOf(Trust.Trusted.class, parse(der).validate(ROOT, CertificateUse.DEVICE, Fixtures.NOW));
    }

    @Test
    void aCertificateThatStatesNoPurposeServesAll() {
        assertInstanceOf(Trust.Trusted.class, sent("plain").validate(ROOT, CertificateUse.GATEWAY, Fixtures.NOW));
        assertInstanceOf(Trust.Trusted.class, sent("plain").validate(ROOT, CertificateUse.DEVICE, Fixtures.NOW));
    }

    @Test
    void aSinglePeersCertificateCanBeTheAnchor() {
        PeerCertificates sent = sent("short");
        TrustAnchors pinned = TrustAnchors.of(List.of(sent.certificate()));
        Instant then = Instant.parse("2020-01-15T00:00:00Z");
        assertInstanceOf(Trust.Trusted.class, sent.validate(pinned, CertificateUse.GATEWAY, then));
        assertTrue(fault(sent, pinned, CertificateUse.GATEWAY, Fixtures.NOW).contains("expired"));
        assertInstanceOf(Trust.Distrusted.class, sent("user").validate(pinned, CertificateUse.DEVICE, then));
    }

    @ParameterizedTest
    @CsvSource({
        "gateway-p256, DEVICE, not made for this use",
        "user, GATEWAY, not made for this use",
        "short, GATEWAY, expired at 2020-02-01T00:00:00Z",
        "encipherment, GATEWAY, not for signatures",
        "sha1, GATEWAY, SHA-1",
        "stranger, GATEWAY, no trusted authority",
        "by-user, GATEWAY, no trusted authority",
    })
    void othersAreNotTrusted(String name, CertificateUse use, String why) {
        String fault = fault(sent(name), ROOT, use, Fixtures.NOW);
        assertTrue(fault.contains(why), fault);
    }

    @Test
    void aUserIsNoAuthorityEvenWithTheWholeChain() {
        String fault = fault(sent("by-user", "user"), ROOT, CertificateUse.GATEWAY, Fixtures.NOW);
        assertTrue(fault.contains("trusted authority"), fault);
    }

    @Test
    void timeIsWhatTheCallerSays() {
        assertTrue(fault(sent("user"), ROOT, CertificateUse.DEVICE, Instant.parse("2019-12-31T23:59:59Z"))
                .contains("not valid before 2020-01-01T00:00:00Z"));
        assertInstanceOf(Trust.Trusted.class,
                sent("user").validate(ROOT, CertificateUse.DEVICE, Instant.parse("2119-12-31T23:59:59Z")));
        assertTrue(fault(sent("user"), ROOT, CertificateUse.DEVICE, Instant.parse("2120-01-01T00:00:01Z"))
                .contains("expired"));
    }

    @Test
    void withoutTheIntermediateThereIsNoWay() {
        List<byte[]> alone = Fixtures.der(Pem.certificates(Fixtures.pem("user"))).subList(0, 1);
        assertEquals("no trusted authority stands behind the certificate",
                fault(parse(alone), ROOT, CertificateUse.DEVICE, Fixtures.NOW));
        assertEquals("no authority is trusted",
                fault(sent("user"), TrustAnchors.of(List.of()), CertificateUse.DEVICE, Fixtures.NOW));
    }

    @Test
    void revocationIsCheckedWhereListsAreGiven() {
        List<X509CRL> lists = Pem.revocationLists(Fixtures.pem("root.crl") + Fixtures.pem("intermediate.crl"));
        TrustAnchors checking = ROOT.withRevocationLists(lists);
        assertInstanceOf(Trust.Trusted.class, sent("revoked").validate(ROOT, CertificateUse.DEVICE, Fixtures.NOW));
        assertInstanceOf(Trust.Trusted.class, sent("user").validate(checking, CertificateUse.DEVICE, Fixtures.NOW));
        assertEquals("a certificate was revoked",
                fault(sent("revoked"), checking, CertificateUse.DEVICE, Fixtures.NOW));
        assertEquals("an authority's current revocation list is missing", fault(
                sent("user"), ROOT.withRevocationLists(lists.subList(0, 1)), CertificateUse.DEVICE, Fixtures.NOW));
    }

    @Test
    void whatIsSentIsBounded() {
        byte[] user = Fixtures.der(Pem.certificates(Fixtures.pem("user")).get(0));
        assertThrows(MalformedMessage.class, () -> PeerCertificates.parse(List.of()));
        assertThrows(MalformedMessage.class, () -> PeerCertificates.parse(Collections.nCopies(9, user)));
        assertThrows(MalformedMessage.class, () -> PeerCertificates.parse(List.of(Arrays.copyOf(user, 16_385))));
        assertThrows(MalformedMessage.class, () -> PeerCertificates.parse(List.of(user, new byte[0])));
    }

    @Test
    void aCertificateIsDerAndNothingMore() {
        byte[] user = Fixtures.der(Pem.certificates(Fixtures.pem("user")).get(0));
        String pem = Fixtures.pem("root");
        byte[] text = pem.substring(pem.indexOf("-----BEGIN")).getBytes(StandardCharsets.US_ASCII);
        for (byte[] wrong : List.of(
                text, Arrays.copyOf(user, user.length + 1), Arrays.copyOf(user, user.length - 1), new byte[] {0x30})) {
            assertThrows(MalformedMessage.class, () -> PeerCertificates.parse(List.of(wrong)));
        }
    }

    /** Of the octets outside what is signed, a platform may read some and then forget them. */
    @ParameterizedTest
    @ValueSource(strings = {"user", "gateway-p384", "gateway-ed25519"})
    void noOctetThatTheSignatureDoesNotCoverMayChange(String name) {
        List<byte[]> good = Fixtures.der(Pem.certificates(Fixtures.pem(name)));
        CertificateUse use = name.equals("user") ? CertificateUse.DEVICE : CertificateUse.GATEWAY;
        for (int which = 0; which < good.size(); which++) {
            for (int place : outsideOf(good.get(which))) {
                for (int mask : MASKS) {
                    byte[] changed = good.get(which).clone();
                    changed[place] ^= (byte) mask;
                    var der = new ArrayList<>(good);
                    der.set(which, changed);
                    assertFalse(isTrusted(der, use), "certificate " + which + ", octet " + place + " ^ " + mask);
                }
            }
        }
    }

    /** RFC 5280 §4.1.1.3, X.690 §8.6.2.2: a signature is octets, so no bits of its last are unused. */
    @Test
    void theSignatureHasNoUnusedBits() {
        List<byte[]> good = Fixtures.der(Pem.certificates(Fixtures.pem("user")));
        for (int which = 0; which < good.size(); which++) {
            int place = good.get(which).length - certificate(good.get(which)).getSignature().length - 1;
            for (int unused = 1; unused <= 255; unused++) {
                byte[] changed = good.get(which).clone();
                changed[place] = (byte) unused;
                assertThrows(MalformedMessage.class, () -> PeerCertificates.parse(List.of(changed)));
            }
        }
    }

    /** RFC 5280 §4.1.1.2: the algorithm outside what is signed is the one inside. */
    @Test
    void theAlgorithmIsTheOneThatWasSigned() throws IOException {
        for (byte[] der : Fixtures.der(Pem.certificates(Fixtures.pem("user")))) {
            var parts = ASN1Sequence.getInstance(der);
            AlgorithmIdentifier algorithm = AlgorithmIdentifier.getInstance(parts.getObjectAt(1));
            var other = new AlgorithmIdentifier(algorithm.getAlgorithm(), DERNull.INSTANCE);
            assertArrayEquals(der, put(parts, algorithm));
            byte[] changed = put(parts, other);
            assertThrows(MalformedMessage.class, () -> PeerCertificates.parse(List.of(changed)));
        }
    }

    private static byte[] put(ASN1Sequence parts, AlgorithmIdentifier algorithm) throws IOException {
        return new DERSequence(new ASN1Encodable[] {parts.getObjectAt(0), algorithm, parts.getObjectAt(2)}).getEncoded();
    }

    private static X509Certificate certificate(byte[] der) {
        return parse(List.of(der)).certificate();
    }

    private static boolean isTrusted(List<byte[]> der, CertificateUse use) {
        try {
            return PeerCertificates.parse(der).validate(ROOT, use, Fixtures.NOW) instanceof Trust.Trusted;
        } catch (MalformedMessage e) {
            return false;
        }
    }

    /** The places of the outer header, and of all behind what is signed. */
    private static int[] outsideOf(byte[] der) {
        try {
            int signed = certificate(der).getTBSCertificate().length;
            // SEQUENCE, and a length in two octets.
            return IntStream.range(0, der.length).filter(place -> place < 4 || place >= 4 + signed).toArray();
        } catch (CertificateEncodingException e) {
            throw new AssertionError(e);
        }
    }
}
