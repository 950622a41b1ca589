package jkipsec.ike.message;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import jkipsec.bytes.ByteReader;
import jkipsec.bytes.MalformedMessage;
import jkipsec.bytes.Octets;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class IkeMessageProperties {
    @Property(tries = 500)
    void whatIsWrittenReadsBack(@ForAll("messages") IkeMessage message) throws MalformedMessage {
        byte[] octets = message.write();
        IkeMessage read = IkeMessage.parse(octets);
        assertEquals(message, read);
        assertEquals(message.hashCode(), read.hashCode());
        assertEquals(message.describe(), read.describe());
        assertArrayEquals(octets, read.write());
    }

    @Property(tries = 100)
    void itReadsTheSameInTheMiddleOfAnArray(
            @ForAll("messages") IkeMessage message, @ForAll @IntRange(max = 9) int before) throws MalformedMessage {
        byte[] octets = message.write();
        byte[] array = new byte[before + octets.length + 3];
        Arrays.fill(array, (byte) 0x21);
        System.arraycopy(octets, 0, array, before, octets.length);
        assertEquals(message, IkeMessage.parse(array, before, octets.length));
    }

    @Property(tries = 300)
    void aChainReadsBack(@ForAll("chains") List<Payload> payloads) throws MalformedMessage {
        var reader = new ByteReader(PayloadChain.write(payloads), "inside");
        assertEquals(payloads, PayloadChain.parse(PayloadChain.firstType(payloads), reader));
        assertFalse(reader.hasRemaining());
    }

    @Property(tries = 300)
    void everyPayloadHasTheLengthItSays(@ForAll("chains") List<Payload> payloads) {
        int expected = payloads.stream().mapToInt(p -> Payload.HEADER_LENGTH + p.bodyLength()).sum();
        assertEquals(expected, PayloadChain.write(payloads).length);
    }

    @Property(tries = 100)
    void everyTruncationIsRefused(@ForAll("messages") IkeMessage message, @ForAll @IntRange(max = 5000) int cut) {
        byte[] octets = message.write();
        byte[] shorter = Arrays.copyOf(octets, cut % octets.length);
        assertThrows(MalformedMessage.class, () -> IkeMessage.parse(shorter));
        if (shorter.length >= IkeHeader.LENGTH) {
            Octets.put32(shorter, 24, shorter.length); // the lie that hides it; but the next payload is missing
            assertThrows(MalformedMessage.class, () -> IkeMessage.parse(shorter));
        }
    }

    @Property(tries = 100)
    void everyExtensionIsRefused(@ForAll("messages") IkeMessage message, @ForAll @IntRange(min = 1, max = 9) int more) {
        byte[] octets = message.write();
        byte[] longer = Arrays.copyOf(octets, octets.length + more);
        assertThrows(MalformedMessage.class, () -> IkeMessage.parse(longer));
        Octets.put32(longer, 24, longer.length);
        assertThrows(MalformedMessage.class, () -> IkeMessage.parse(longer));
    }

    @Property(tries = 1000)
    void aMutationIsReadOrRefusedAndWhatIsReadCanBeWritten(
            @ForAll("messages") IkeMessage message,
            @ForAll @Size(min = 1, max = 4) List<@IntRange(max = 9999) Integer> at, @ForAll byte value) {
        byte[] octets = message.write();
        for (int place : at) {
            octets[place % octets.length] = value;
        }
        readOrRefuse(octets);
    }

    @Property(tries = 1000)
    void anyOctetsAreReadOrRefused(@ForAll @Size(max = 200) byte[] octets, @ForAll @IntRange(max = 255) int firstType) {
        readOrRefuse(octets);
        if (octets.length >= IkeHeader.LENGTH) { // past the header's checks
            octets[16] = (byte) firstType;
            octets[17] = 0x20;
            Octets.put32(octets, 24, octets.length);
            readOrRefuse(octets);
        }
    }

    @Property(tries = 1000)
    void anyBodyOfAnyPayloadIsReadOrRefused(
            @ForAll @Size(max = 80) byte[] body, @ForAll @IntRange(min = 33, max = 53) int type) {
        byte[] chain = new byte[Payload.HEADER_LENGTH + body.length];
        Octets.put16(chain, 2, chain.length);
        System.arraycopy(body, 0, chain, Payload.HEADER_LENGTH, body.length);
        try {
            List<Payload> payloads = PayloadChain.parse(type, new ByteReader(chain, "inside"));
            assertEquals(payloads, PayloadChain.parse(type, new ByteReader(PayloadChain.write(payloads), "inside")));
        } catch (MalformedMessage refused) {
            assertTrue(refused.section().startsWith("RFC ") || refused.section().equals("inside"));
        }
    }

    private static void readOrRefuse(byte[] octets) {
        try {
            IkeMessage read = IkeMessage.parse(octets);
            assertEquals(read, IkeMessage.parse(read.write()));
            assertFalse(read.describe().isEmpty());
        } catch (MalformedMessage refused) {
            assertTrue(refused.section().startsWith("RFC "), refused.section());
        }
    }

    @Provide
    Arbitrary<IkeMessage> messages() {
        return MessageArbitraries.message();
    }

    @Provide
    Arbitrary<List<Payload>> chains() {
        return MessageArbitraries.chain();
    }
}
