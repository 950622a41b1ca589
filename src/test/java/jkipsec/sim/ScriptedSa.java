package jkipsec.sim;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import jkipsec.bytes.ByteReader;
import jkipsec.bytes.ByteWriter;
import jkipsec.bytes.MalformedMessage;
import jkipsec.bytes.RandomSource;
import jkipsec.bytes.Secret;
import jkipsec.crypto.CipherSuite;
import jkipsec.crypto.PacketCipher;
import jkipsec.crypto.Prf;
import jkipsec.ike.message.AuthMethod;
import jkipsec.ike.message.AuthPayload;
import jkipsec.ike.message.EncryptedPayload;
import jkipsec.ike.message.ExchangeType;
import jkipsec.ike.message.IdPayload;
import jkipsec.ike.message.IkeHeader;
import jkipsec.ike.message.IkeMessage;
import jkipsec.ike.message.Payload;
import jkipsec.ike.message.PayloadChain;
import jkipsec.ike.message.PayloadType;

/**
 * The keys of an IKE SA and its SK payloads, worked out from RFC 7296 §2.14 and §3.14 apart from {@code jkipsec.ike}:
 * to check that against, and to seal what no honest peer would send.
 */
public final class ScriptedSa {
    /** The Initiator flag of the IKE header. */
    public static final int FROM_INITIATOR = 0x08;

    /** The Response flag of the IKE header. */
    public static final int RESPONSE = 0x20;

    /** What an IKE header says besides SPIs and length. */
    public record Envelope(int exchangeType, int messageId, int flags, int version) {
        public static Envelope request(int exchangeType, int messageId) {
            return new Envelope(exchangeType, messageId, FROM_INITIATOR, 0x20);
        }

        public Envelope flags(int other) {
            return new Envelope(exchangeType, messageId, other, version);
        }

        public Envelope version(int other) {
            return new Envelope(exchangeType, messageId, flags, other);
        }

        byte[] header(ScriptedSa sa, int firstPayload, int length) {
            return new ByteWriter(IkeHeader.LENGTH)
                    .i64(sa.inputs.initiatorSpi)
                    .i64(sa.inputs.responderSpi)
                    .u8(firstPayload)
                    .u8(version)
                    .u8(exchangeType)
                    .u8(flags)
                    .i32(messageId)
                    .i32(length)
                    .toByteArray();
        }
    }

    /** What the keys come from. */
    public record Inputs(
            long initiatorSpi, long responderSpi, byte[] initiatorNonce, byte[] responderNonce, Secret sharedSecret) {}

    private final CipherSuite suite;
    private final Prf prf;
    private final boolean initiator;
    private final Inputs inputs;
    private final RandomSource random;
    private final byte[] stream;

    public ScriptedSa(CipherSuite suite, boolean initiator, Inputs inputs, RandomSource random) {
        this(suite, Prf.HMAC_SHA2_256, initiator, inputs, random);
    }

    public ScriptedSa(CipherSuite suite, Prf prf, boolean initiator, Inputs inputs, RandomSource random) {
        this.suite = suite;
        this.prf = prf;
        this.initiator = initiator;
        this.inputs = inputs;
        this.random = random;
        byte[] nonces = nonces();
        byte[] skeyseed = prf.apply(nonces, inputs.sharedSecret.expose());
        byte[] seed = new ByteWriter()
                .bytes(nonces)
                .i64(inputs.initiatorSpi)
                .i64(inputs.responderSpi)
                .toByteArray();
        stream = prf.prfPlus(Secret.owning(skeyseed), seed, 3 * prf.keyLength() + 2 * integrity() + 2 * encryption());
    }

    private ScriptedSa(ScriptedSa before, Inputs inputs, byte[] skeyseed) {
        suite = before.suite;
        prf = before.prf;
        initiator = before.initiator;
        this.inputs = inputs;
        random = before.random;
        byte[] seed = new ByteWriter()
                .bytes(nonces())
                .i64(inputs.initiatorSpi)
                .i64(inputs.responderSpi)
                .toByteArray();
        stream = prf.prfPlus(Secret.owning(skeyseed), seed, before.stream.length);
    }

    /** The keys after an additional key exchange (RFC 9370 §2.2.2). */
    public ScriptedSa after(Secret additional) {
        return new ScriptedSa(
                this, inputs, prf.apply(cut(0, prf.keyLength()), additional.expose(), nonces()));
    }

    private ScriptedSa(ScriptedSa before, byte[] stream) {
        suite = before.suite;
        prf = before.prf;
        initiator = before.initiator;
        inputs = before.inputs;
        random = before.random;
        this.stream = stream;
    }

    /** The same with SK_d, SK_pi and SK_pr mixed with a PPK: prf(PPK, SK_x' | 0x01) (RFC 8784 §3). */
    public ScriptedSa mixedWith(byte[] ppk) {
        byte[] mixed = stream.clone();
        int key = prf.keyLength();
        int pi = key + 2 * integrity() + 2 * encryption();
        for (int from : new int[] {0, pi, pi + key}) {
            byte[] one = prf.apply(ppk, Arrays.copyOfRange(stream, from, from + key), new byte[] {1});
            System.arraycopy(one, 0, mixed, from, key);
        }
        return new ScriptedSa(this, mixed);
    }

    /** One step of IntAuth (RFC 9242 §3.3.2): SK_p of a side over its message with the payloads in the clear. */
    public byte[] intAuth(boolean byInitiator, byte[] before, int messageId, List<Payload> payloads) {
        return intAuth(byInitiator, before, messageId, new byte[0], payloads);
    }

    /** The same of a message with something before the SK payload, as {@link #sealPlaintext} takes it. */
    public byte[] intAuth(
            boolean byInitiator, byte[] before, int messageId, byte[] clear, List<Payload> payloads) {
        byte[] inner = PayloadChain.write(payloads);
        var envelope = new Envelope(
                ExchangeType.IKE_INTERMEDIATE, messageId, byInitiator ? FROM_INITIATOR : RESPONSE, 0x20);
        int between = Math.max(0, clear.length - 1);
        int first = clear.length == 0 ? PayloadType.SK : clear[0] & 0xff;
        byte[] sk = new ByteWriter()
                .u8(PayloadChain.firstType(payloads)).u8(0).u16(4 + inner.length).toByteArray();
        return prf.apply(
                skP(byInitiator),
                before,
                envelope.header(this, first, IkeHeader.LENGTH + between + 4 + inner.length),
                Arrays.copyOfRange(clear, clear.length - between, clear.length),
                sk,
                inner);
    }

    private Secret skP(boolean byInitiator) {
        int key = prf.keyLength();
        return cut(key + 2 * integrity() + 2 * encryption() + (byInitiator ? 0 : key), key);
    }

    private byte[] nonces() {
        return new ByteWriter().bytes(inputs.initiatorNonce).bytes(inputs.responderNonce).toByteArray();
    }

    private int integrity() {
        return suite.integrityKeyLength();
    }

    private int encryption() {
        return suite.encryptionKeyLength();
    }

    private Secret cut(int from, int length) {
        return Secret.copyOfRange(stream, from, from + length);
    }

    private PacketCipher cipher(boolean fromInitiator) {
        int direction = fromInitiator ? 0 : 1;
        Secret integrityKey = cut(prf.keyLength() + direction * integrity(), integrity());
        Secret encryptionKey = cut(prf.keyLength() + 2 * integrity() + direction * encryption(), encryption());
        return suite.cipher(encryptionKey, integrityKey, random);
    }

    /** The cipher of a first Child SA's direction (RFC 7296 §2.17). */
    public PacketCipher childCipher(boolean fromInitiator) {
        int one = encryption() + integrity();
        return childCipher(fromInitiator, prf.prfPlus(cut(0, prf.keyLength()), nonces(), 2 * one), one);
    }

    /**
     * The cipher of a direction of a Child SA with key exchanges of its own (RFC 7296 §2.17, RFC 9370 §2.2.4).
     *
     * @param seed SK(0) | Ni | Nr | SK(1) and so on
     */
    public PacketCipher childCipher(boolean fromExchangeInitiator, byte[] seed) {
        return childCipher(fromExchangeInitiator, prf.prfPlus(
                cut(0, prf.keyLength()), seed, 2 * (encryption() + integrity())), encryption() + integrity());
    }

    private PacketCipher childCipher(boolean fromInitiator, byte[] keymat, int one) {
        int from = fromInitiator ? 0 : one;
        return suite.cipher(
                Secret.copyOfRange(keymat, from, from + encryption()),
                Secret.copyOfRange(keymat, from + encryption(), from + one),
                random);
    }

    /** The keys of an IKE SA that replaces this one (RFC 7296 §2.18, RFC 9370 §2.2.4), made by the same side. */
    public ScriptedSa rekeyed(Inputs others, byte[] seed) {
        return new ScriptedSa(this, others, prf.apply(cut(0, prf.keyLength()), seed));
    }

    /** The AUTH of either side (RFC 7296 §2.15). */
    public AuthPayload auth(String psk, byte[] firstMessage, IdPayload id) {
        return auth(psk, firstMessage, id, new byte[0]);
    }

    /** The same after exchanges of IKE_INTERMEDIATE, which their IntAuth stands for (RFC 9242 §3.3.2). */
    public AuthPayload auth(String psk, byte[] firstMessage, IdPayload id, byte[] intAuth) {
        boolean byInitiator = id.initiator();
        Secret skP = skP(byInitiator);
        var body = new ByteWriter();
        id.writeBody(body);
        byte[] nonce = byInitiator ? inputs.responderNonce : inputs.initiatorNonce;
        byte[] mac = prf.apply(Scenario.key(psk), firstMessage, nonce, prf.apply(skP, body.toByteArray()), intAuth);
        return new AuthPayload(AuthMethod.SHARED_KEY_MIC, mac);
    }

    /** A message like an honest peer's. */
    public byte[] seal(Envelope envelope, List<Payload> payloads) {
        return seal(envelope, PayloadChain.firstType(payloads), PayloadChain.write(payloads));
    }

    /** A message around any octets in place of the inner payloads, rightly padded. */
    public byte[] seal(Envelope envelope, int firstInner, byte[] inner) {
        int block = suite.blockSize();
        int padding = (block - (inner.length + 1) % block) % block;
        var plaintext = new ByteWriter().bytes(inner).zeros(padding).u8(padding);
        return sealPlaintext(envelope, new byte[0], firstInner, plaintext.toByteArray());
    }

    /**
     * A message around any plaintext, its last octet the pad length.
     *
     * @param clear what comes before the SK payload: the type of the first payload, then a chain that leads to SK; or
     *     nothing
     */
    public byte[] sealPlaintext(Envelope envelope, byte[] clear, int firstInner, byte[] plaintext) {
        int sk = 4 + suite.ivLength() + plaintext.length + suite.icvLength();
        int between = Math.max(0, clear.length - 1);
        int total = IkeHeader.LENGTH + between + sk;
        var out = new ByteWriter(total);
        out.bytes(envelope.header(this, clear.length == 0 ? PayloadType.SK : clear[0] & 0xff, total));
        out.bytes(clear, Math.min(1, clear.length), between);
        out.u8(firstInner).u8(0).u16(sk).zeros(suite.ivLength()).bytes(plaintext).zeros(suite.icvLength());
        byte[] message = out.toByteArray();
        cipher(initiator).seal(message, 0, IkeHeader.LENGTH + between + 4, plaintext.length);
        return message;
    }

    /** One fragment of a message, with whatever numbers (RFC 7383 §2.5); the part is padded rightly. */
    public byte[] sealFragment(Envelope envelope, int number, int total, int firstInner, byte[] part) {
        int block = suite.blockSize();
        int padding = (block - (part.length + 1) % block) % block;
        int skf = 8 + suite.ivLength() + part.length + padding + 1 + suite.icvLength();
        var out = new ByteWriter(IkeHeader.LENGTH + skf);
        out.bytes(envelope.header(this, PayloadType.SKF, IkeHeader.LENGTH + skf));
        out.u8(firstInner).u8(0).u16(skf).u16(number).u16(total);
        out.zeros(suite.ivLength()).bytes(part).zeros(padding).u8(padding).zeros(suite.icvLength());
        byte[] message = out.toByteArray();
        cipher(initiator).seal(message, 0, IkeHeader.LENGTH + 8, part.length + padding + 1);
        return message;
    }

    /** What the other side sealed; nothing when its ICV is wrong. */
    public Optional<List<Payload>> open(byte[] octets) throws MalformedMessage {
        Optional<EncryptedPayload> sk = IkeMessage.parse(octets).first(EncryptedPayload.class);
        byte[] copy = octets.clone();
        int header = sk.isEmpty() ? 0 : copy.length - sk.get().bodyLength();
        int length = sk.isEmpty() ? -1 : cipher(!initiator).open(copy, 0, copy.length, header);
        if (length < 0) {
            return Optional.empty();
        }
        int start = header + suite.ivLength();
        byte[] inner = Arrays.copyOfRange(copy, start, start + length - 1 - (copy[start + length - 1] & 0xff));
        return Optional.of(PayloadChain.parse(sk.get().firstInner(), new ByteReader(inner, "test")));
    }
}
