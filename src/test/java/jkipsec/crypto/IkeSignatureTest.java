package jkipsec.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import jkipsec.bytes.Hex;
import jkipsec.bytes.MalformedMessage;
import jkipsec.bytes.RandomSource;
import jkipsec.testing.Vectors;
import org.junit.jupiter.api.Test;

class IkeSignatureTest {
    private static final SignaturePolicy POLICY = SignaturePolicy.DEFAULT;
    private static final Set<SignatureHash> ALL = EnumSet.allOf(SignatureHash.class);
    private static final Set<SignatureHash> NONE = Set.of();
    private static final byte[] OCTETS = {1, 2, 3};
    private static final KeyPair P256 = ec("secp256r1");
    private static final KeyPair RSA = generate("RSA", 2048);
    private static final KeyPair PSS = forPssAlone(RSA);

    private final RandomSource random = new Random(5)::nextBytes;

    @Test
    void signaturesOfOpenSslAreJudgedRight() throws GeneralSecurityException {
        for (var vector : Vectors.load("ike-signatures.txt")) {
            PublicKey key = KeyFactory.getInstance(vector.text("keyAlgorithm"))
                    .generatePublic(new X509EncodedKeySpec(vector.hex("key")));
            SignaturePolicy policy = POLICY.withRsaSha1(vector.text("policy").equals("rsaSha1"));
            var signature = new IkeSignature(vector.integer("method"), vector.hex("data"));
            SignatureCheck expected = SignatureCheck.valueOf(vector.text("check"));
            assertEquals(expected, signature.verify(key, policy, vector.hex("signed")), vector::toString);
            assertEquals(vector.expectsSuccess(), expected == SignatureCheck.VALID, vector::toString);
            if (vector.expectsSuccess()) {
                byte[] other = vector.hex("signed");
                other[other.length - 1] ^= 1;
                assertEquals(SignatureCheck.WRONG, signature.verify(key, policy, other), vector::toString);
            }
        }
    }

    @Test
    void everyKindOfKeySignsWhatItVerifies() {
        var keys = List.of(
                P256, ec("secp384r1"), ec("secp521r1"), RSA, PSS, generate("Ed25519", 255));
        var algorithms = List.of(
                "0c300a06082a8648ce3d040302", "0c300a06082a8648ce3d040303", "0c300a06082a8648ce3d040304",
                "0f300d06092a864886f70d01010b0500", "43304106092a864886f70d01010a", "07300506032b6570");
        for (int i = 0; i < keys.size(); i++) {
            KeyPair pair = keys.get(i);
            IkeSignature signature = IkeSignature.sign(pair.getPrivate(), ALL, POLICY, OCTETS, random).orElseThrow();
            assertEquals(14, signature.method());
            assertTrue(Hex.of(signature.data()).startsWith(algorithms.get(i)), Hex.of(signature.data()));
            assertEquals(SignatureCheck.VALID, signature.verify(pair.getPublic(), POLICY, OCTETS));
        }
    }

    @Test
    void aPeerWithoutTheNotificationGetsTheOldMethods() {
        int[] methods = {9, 10, 11};
        int[] lengths = {64, 96, 132};
        var curves = List.of("secp256r1", "secp384r1", "secp521r1");
        for (int i = 0; i < curves.size(); i++) {
            KeyPair pair = ec(curves.get(i));
            IkeSignature signature = IkeSignature.sign(pair.getPrivate(), NONE, POLICY, OCTETS, random).orElseThrow();
            assertEquals(methods[i], signature.method());
            assertEquals(lengths[i], signature.data().length);
            assertEquals(SignatureCheck.VALID, signature.verify(pair.getPublic(), POLICY, OCTETS));
        }
        assertEquals(Optional.empty(), IkeSignature.sign(
                generate("Ed25519", 255).getPrivate(), NONE, POLICY, OCTETS, random));
    }

    @Test
    void rsaWithSha1IsMadeOnlyWherePolicyAllowsIt() {
        assertEquals(Optional.empty(), IkeSignature.sign(RSA.getPrivate(), NONE, POLICY, OCTETS, random));
        SignaturePolicy lenient = POLICY.withRsaSha1(true);
        IkeSignature signature = IkeSignature.sign(RSA.getPrivate(), NONE, lenient, OCTETS, random).orElseThrow();
        assertEquals(1, signature.method());
        assertEquals(SignatureCheck.VALID, signature.verify(RSA.getPublic(), lenient, OCTETS));
        assertEquals(SignatureCheck.METHOD_REFUSED, signature.verify(RSA.getPublic(), POLICY, OCTETS));
    }

    @Test
    void anRsaKeySignsByPssWherePolicySaysSo() {
        IkeSignature signature =
                IkeSignature.sign(RSA.getPrivate(), ALL, POLICY.withPss(true), OCTETS, random).orElseThrow();
        assertTrue(Hex.of(signature.data()).startsWith("43304106092a864886f70d01010a"));
        assertEquals(SignatureCheck.VALID, signature.verify(RSA.getPublic(), POLICY, OCTETS));
    }

    @Test
    void theHashIsOneThatThePeerHas() {
        IkeSignature signature = IkeSignature.sign(
                P256.getPrivate(), Set.of(SignatureHash.SHA2_512), POLICY, OCTETS, random).orElseThrow();
        assertTrue(Hex.of(signature.data()).startsWith("0c300a06082a8648ce3d040304"));
        assertEquals(Optional.empty(), IkeSignature.sign(
                P256.getPrivate(), Set.of(SignatureHash.IDENTITY), POLICY, OCTETS, random));
        assertEquals(Optional.empty(), IkeSignature.sign(
                generate("Ed25519", 255).getPrivate(), Set.of(SignatureHash.SHA2_256), POLICY, OCTETS, random));
    }

    @Test
    void theSameRandomnessMakesTheSameSignature() {
        for (KeyPair pair : List.of(P256, PSS)) {
            var one = IkeSignature.sign(pair.getPrivate(), ALL, POLICY, OCTETS, new Random(1)::nextBytes);
            var same = IkeSignature.sign(pair.getPrivate(), ALL, POLICY, OCTETS, new Random(1)::nextBytes);
            var other = IkeSignature.sign(pair.getPrivate(), ALL, POLICY, OCTETS, new Random(2)::nextBytes);
            assertEquals(one, same);
            assertFalse(one.equals(other));
        }
    }

    /** One octet after the other: no change of the data is accepted, and none throws. */
    @Test
    void aChangedSignatureIsRefused() {
        for (Set<SignatureHash> hashes : List.of(ALL, NONE)) {
            IkeSignature good = IkeSignature.sign(P256.getPrivate(), hashes, POLICY, OCTETS, random).orElseThrow();
            for (int i = 0; i < good.data().length; i++) {
                byte[] data = good.data();
                data[i] ^= 0x11;
                SignatureCheck check = new IkeSignature(good.method(), data).verify(P256.getPublic(), POLICY, OCTETS);
                assertFalse(check == SignatureCheck.VALID, "octet " + i);
            }
            byte[] longer = Arrays.copyOf(good.data(), good.data().length + 1);
            assertFalse(new IkeSignature(good.method(), longer).verify(P256.getPublic(), POLICY, OCTETS)
                    == SignatureCheck.VALID);
        }
    }

    /** The parameters of PSS are the one part that is parsed and not compared. */
    @Test
    void changedPssParametersNeverThrow() {
        byte[] good = IkeSignature.sign(RSA.getPrivate(), ALL, POLICY.withPss(true), OCTETS, random)
                .orElseThrow()
                .data();
        for (int i = 0; i < 68; i++) {
            for (int change : new int[] {0x01, 0x02, 0x10, 0x80, 0xff}) {
                byte[] data = good.clone();
                data[i] ^= (byte) change;
                SignatureCheck check = new IkeSignature(14, data).verify(RSA.getPublic(), POLICY, OCTETS);
                assertFalse(check == SignatureCheck.VALID, "octet " + i);
            }
        }
    }

    @Test
    void keysThatCannotSignAreKnown() {
        assertTrue(IkeSignature.supports(P256.getPublic(), POLICY));
        assertTrue(IkeSignature.supports(RSA.getPrivate(), POLICY));
        assertFalse(IkeSignature.supports(RSA.getPrivate(), new SignaturePolicy(false, false, 3072)));
        KeyPair agreement = generate("X25519", 255);
        assertFalse(IkeSignature.supports(agreement.getPublic(), POLICY));
        assertEquals(Optional.empty(), IkeSignature.sign(agreement.getPrivate(), ALL, POLICY, OCTETS, random));
        assertEquals(SignatureCheck.OTHER_KEY,
                new IkeSignature(14, new byte[40]).verify(agreement.getPublic(), POLICY, OCTETS));
        assertThrows(IllegalArgumentException.class, () -> new SignaturePolicy(false, false, 512));
    }

    @Test
    void theNotificationListsNumbersOfTwoOctets() throws MalformedMessage {
        assertEquals("00020003000400" + "05", Hex.of(SignatureHash.write(List.of(SignatureHash.values()))));
        assertEquals(Set.of(SignatureHash.SHA2_256, SignatureHash.IDENTITY),
                SignatureHash.parse(Hex.parse("0005 0001 ffff 0002 0002")));
        assertEquals(Set.of(), SignatureHash.parse(new byte[0]));
        assertThrows(MalformedMessage.class, () -> SignatureHash.parse(new byte[3]));
    }

    @Test
    void theArrayIsNotShared() {
        var signature = new IkeSignature(9, OCTETS);
        signature.data()[0] = 9;
        assertArrayEquals(new byte[] {1, 2, 3}, signature.data());
    }

    private static KeyPair forPssAlone(KeyPair rsa) {
        try {
            var factory = KeyFactory.getInstance("RSASSA-PSS");
            var both = (RSAPrivateCrtKey) rsa.getPrivate();
            return new KeyPair(
                    factory.generatePublic(new RSAPublicKeySpec(both.getModulus(), both.getPublicExponent())),
                    factory.generatePrivate(new RSAPrivateCrtKeySpec(
                            both.getModulus(), both.getPublicExponent(), both.getPrivateExponent(), both.getPrimeP(),
                            both.getPrimeQ(), both.getPrimeExponentP(), both.getPrimeExponentQ(),
                            both.getCrtCoefficient())));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static KeyPair ec(String curve) {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static KeyPair generate(String algorithm, int size) {
        try {
            var generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(size);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
