package jkipsec.ike.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import jkipsec.bytes.ByteReader;
import jkipsec.bytes.Hex;
import jkipsec.bytes.MalformedMessage;
import jkipsec.ip.IpAddress;
import org.junit.jupiter.api.Test;

class PayloadTest {
    @Test
    void arraysAreCopiedInAndOut() {
        byte[] data = new byte[16];
        var nonce = new NoncePayload(data);
        data[0] = 1;
        nonce.nonce()[1] = 1;
        assertEquals(new NoncePayload(new byte[16]), nonce);
        assertNotEquals(new NoncePayload(data), nonce);
    }

    @Test
    void anAttributeThatIsNotUnderstoodMakesATransformMatchNothing() throws MalformedMessage {
        // ENCR_AES_GCM_16, key length 256, and attribute 99
        var sa = (SaPayload) parse(PayloadType.SA, "0000001c 00000018 01010001 00000010 01000014 800e0100 80630001");
        var transform = sa.proposals().get(0).transforms().get(0);
        assertFalse(transform.matches(TransformType.ENCR, TransformId.ENCR_AES_GCM_16, 256));
        assertFalse(transform.matches(TransformType.ENCR, TransformId.ENCR_AES_GCM_16));
        assertNotEquals(Transform.withKeyLength(TransformType.ENCR, TransformId.ENCR_AES_GCM_16, 256), transform);
        assertEquals(OptionalInt.of(256), transform.keyLength());
    }

    @Test
    void aKeyLengthInTheLongFormIsNotUnderstood() {
        var odd = new Transform(TransformType.ENCR, TransformId.ENCR_AES_CBC,
                List.of(new TransformAttribute(TransformAttribute.KEY_LENGTH, false, new byte[] {1, 0})));
        assertFalse(odd.matches(TransformType.ENCR, TransformId.ENCR_AES_CBC, 256));
        assertEquals(OptionalInt.empty(), odd.keyLength());
    }

    @Test
    void transformsMatchWithAndWithoutKeyLength() {
        var cbc = Transform.withKeyLength(TransformType.ENCR, TransformId.ENCR_AES_CBC, 256);
        assertTrue(cbc.matches(TransformType.ENCR, TransformId.ENCR_AES_CBC, 256));
        assertFalse(cbc.matches(TransformType.ENCR, TransformId.ENCR_AES_CBC, 128));
        assertFalse(cbc.matches(TransformType.ENCR, TransformId.ENCR_AES_CBC));
        assertTrue(Transform.of(TransformType.PRF, 5).matches(TransformType.PRF, 5));
        assertFalse(Transform.of(TransformType.PRF, 5).matches(TransformType.PRF, 6));
    }

    @Test
    void selectorsOfUnknownTypesArePassedOver() throws MalformedMessage {
        var ts = (TsPayload) parse(PayloadType.TSI,
                "00000020 02000000 0a000008 41424344 07000010 0000ffff 0a080000 0a0800ff");
        assertEquals("TSi 10.8.0.0/24", ts.toString());
    }

    @Test
    void aPayloadWithOnlyUnknownSelectorsHasNone() throws MalformedMessage {
        assertEquals(new TsPayload(false, List.of()), parse(PayloadType.TSR, "00000010 01000000 0a000008 41424344"));
    }

    @Test
    void theReservedBitOfAConfigurationAttributeIsIgnored() throws MalformedMessage {
        var expected = new ConfigPayload(ConfigType.CFG_REPLY, List.of(ConfigAttribute.of(
                ConfigAttributeType.INTERNAL_IP4_ADDRESS, IpAddress.parse("10.8.0.2"))));
        assertEquals(expected, parse(PayloadType.CP, "00000010 02000000 80010004 0a080002"));
        assertEquals("CP(CFG_REPLY) INTERNAL_IP4_ADDRESS=10.8.0.2", expected.toString());
    }

    @Test
    void deletesNameSpisOrTheIkeSa() throws MalformedMessage {
        assertEquals(DeletePayload.ikeSa(), parse(PayloadType.DELETE, "00000008 01000000"));
        assertEquals(DeletePayload.esp(0xdeadbeef), parse(PayloadType.DELETE, "0000000c 03040001 deadbeef"));
        assertEquals("D(ESP) deadbeef", DeletePayload.esp(0xdeadbeef).toString());
        assertEquals("D(IKE)", DeletePayload.ikeSa().toString());
        assertEquals(new DeletePayload(ProtocolId.AH, List.of()), parse(PayloadType.DELETE, "00000008 02000000"));
    }

    @Test
    void textOfAPeerIsPrintedOnlyWhenHarmless() {
        assertEquals("IDi ID_IPV6_ADDR ::1",
                new IdPayload(true, IdType.ID_IPV6_ADDR, IpAddress.parse("::1").toByteArray()).toString());
        assertEquals("IDr ID_KEY_ID 1b5b324a",
                new IdPayload(false, IdType.ID_KEY_ID, Hex.parse("1b5b324a")).toString());
        assertEquals("IDi ID_FQDN empty", new IdPayload(true, IdType.ID_FQDN, new byte[0]).toString());
        assertEquals("IDi ID_IPV4_ADDR 0102", new IdPayload(true, IdType.ID_IPV4_ADDR, new byte[] {1, 2}).toString());
    }

    @Test
    void whatDoesNotFitCannotBeMade() {
        byte[] huge = new byte[Payload.MAX_BODY];
        assertEquals(huge.length, new VendorIdPayload(huge).bodyLength());
        List<Runnable> impossible = List.of(
                () -> new VendorIdPayload(new byte[Payload.MAX_BODY + 1]),
                () -> new KePayload(19, huge),
                () -> new KePayload(0x10000, new byte[0]),
                () -> new AuthPayload(-1, new byte[0]),
                () -> new NotifyPayload(0, new byte[256], 1, new byte[0]),
                () -> new NotifyPayload(0, new byte[4], 1, huge),
                () -> new NoncePayload(new byte[15]),
                () -> new NoncePayload(new byte[257]),
                () -> new UnknownPayload(PayloadType.SA, false, new byte[0]),
                () -> new UnknownPayload(0, false, new byte[0]),
                () -> new EncryptedFragmentPayload(0, 0, 1, new byte[0]),
                () -> new EncryptedFragmentPayload(0, 2, 1, new byte[0]),
                () -> new DeletePayload(ProtocolId.IKE, List.of(1)),
                () -> new SaPayload(List.of()),
                () -> new ConfigPayload(1, List.of(new ConfigAttribute(1, huge))),
                () -> new Proposal(1, 1, new byte[0], Collections.nCopies(256, Transform.of(1, 1))),
                () -> Transform.withKeyLength(1, 1, 0x10000),
                () -> new Transform(1, 1, List.of(new TransformAttribute(1, false, huge))),
                () -> new TransformAttribute(1, true, new byte[3]),
                () -> new TransformAttribute(0x8000, false, new byte[3]));
        for (int i = 0; i < impossible.size(); i++) {
            assertThrows(IllegalArgumentException.class, impossible.get(i)::run, "number " + i);
        }
    }

    private static Payload parse(int type, String hex) throws MalformedMessage {
        return PayloadChain.parse(type, new ByteReader(Hex.parse(hex), "RFC 7296 §3.2")).get(0);
    }
}
