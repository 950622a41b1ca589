package jkipsec.gateway;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import jkipsec.bytes.ByteWriter;
import jkipsec.bytes.MalformedMessage;
import jkipsec.ike.message.IkeHeader;
import jkipsec.ike.message.IkeMessage;
import jkipsec.ike.message.KePayload;
import jkipsec.ike.message.NoncePayload;
import jkipsec.ike.message.NotifyPayload;
import jkipsec.ike.message.Payload;
import jkipsec.ike.message.Proposal;
import jkipsec.ike.message.SaPayload;
import jkipsec.ike.message.Transform;
import jkipsec.ike.message.UnknownPayload;
import jkipsec.sim.Offers;
import jkipsec.sim.Scenario;
import jkipsec.sim.ScriptedInitiator;
import org.bouncycastle.crypto.agreement.DHStandardGroups;

/** First messages of devices, good ones and others, and what may come of them. */
final class FirstMessages {
    private FirstMessages() {}

    static final int VERSION = 17;
    static final int EXCHANGE = 18;
    static final int FLAGS = 19;
    static final int MESSAGE_ID_END = 23;
    static final int LENGTH_END = 27;
    static final int UNKNOWN = 200;
    static final BigInteger P = DHStandardGroups.rfc3526_2048.getP();

    /** What came of a row's message. */
    record Outcome(Scenario scenario, byte[] request, List<byte[]> answers) {
        int kept() {
            return scenario.gateway().gateway().ikeSaCount();
        }
    }

    record Row(String name, Function<ScriptedInitiator, byte[]> message, Consumer<Outcome> expected) {}

    static Row row(String name, Function<ScriptedInitiator, byte[]> message, Consumer<Outcome> expected) {
        return new Row(name, message, expected);
    }

    /** An otherwise good request with other payloads. */
    static Function<ScriptedInitiator, byte[]> payloads(UnaryOperator<List<Payload>> edit) {
        return device -> device.init(edit.apply(new ArrayList<>(device.initPayloads())));
    }

    static Function<ScriptedInitiator, byte[]> proposals(Proposal... proposals) {
        return payloads(list -> replace(list, SaPayload.class, new SaPayload(List.of(proposals))));
    }

    static Function<ScriptedInitiator, byte[]> keyExchange(int group, byte[] value) {
        return payloads(list -> replace(
                replace(list, SaPayload.class, Offers.gcm(group)), KePayload.class, new KePayload(group, value)));
    }

    static Function<ScriptedInitiator, byte[]> modp(BigInteger value) {
        byte[] octets = value.toByteArray();
        byte[] padded = new byte[256];
        int used = Math.min(256, octets.length);
        System.arraycopy(octets, octets.length - used, padded, 256 - used, used);
        return keyExchange(Offers.MODP_2048, padded);
    }

    /** An otherwise good request with one octet of the header changed. */
    static Function<ScriptedInitiator, byte[]> octet(int offset, int value) {
        return device -> {
            byte[] message = device.init(device.initPayloads());
            message[offset] = (byte) value;
            return message;
        };
    }

    static Function<ScriptedInitiator, byte[]> cut(int length) {
        return device -> Arrays.copyOf(device.init(device.initPayloads()), length);
    }

    /** An otherwise good request whose nonce payload has a length that the codec would not write. */
    static Function<ScriptedInitiator, byte[]> nonceOf(int length) {
        return device -> {
            List<Payload> payloads = new ArrayList<>(device.initPayloads());
            payloads.removeIf(NoncePayload.class::isInstance);
            payloads.add(new UnknownPayload(UNKNOWN, false, new byte[length]));
            byte[] message = device.init(payloads);
            int at = IkeHeader.LENGTH;
            int next = message[16] & 0xff;
            while (next != UNKNOWN) {
                next = message[at] & 0xff;
                if (next == UNKNOWN) {
                    message[at] = 40;
                }
                at += (message[at + 2] & 0xff) << 8 | message[at + 3] & 0xff;
            }
            return message;
        };
    }

    static <P extends Payload> List<Payload> replace(List<Payload> list, Class<P> kind, Payload by) {
        list.replaceAll(payload -> kind.isInstance(payload) ? by : payload);
        return list;
    }

    static <P extends Payload> UnaryOperator<List<Payload>> without(Class<P> kind) {
        return list -> {
            list.removeIf(kind::isInstance);
            return list;
        };
    }

    static UnaryOperator<List<Payload>> with(int index, Payload extra) {
        return list -> {
            list.add(index < 0 ? list.size() : index, extra);
            return list;
        };
    }

    static Consumer<Outcome> dropped(String reason) {
        return outcome -> {
            assertEquals(0, outcome.answers().size(), "no answer");
            assertEquals(1, outcome.scenario().gateway().drops(reason), outcome.scenario().gateway().drops()::toString);
            assertEquals(0, outcome.kept(), "nothing kept");
        };
    }

    static Consumer<Outcome> refused(int notifyType, int... data) {
        return outcome -> {
            assertEquals(1, outcome.answers().size(), outcome.scenario().gateway().drops()::toString);
            assertEquals(0, outcome.kept(), "nothing kept");
            IkeMessage answer = parse(outcome.answers().get(0));
            var octets = new ByteWriter();
            Arrays.stream(data).forEach(octets::u8);
            assertEquals(List.of(NotifyPayload.of(notifyType, octets.toByteArray())), answer.payloads());
            assertTrue(answer.header().response());
            assertFalse(answer.header().initiator());
            assertArrayEquals(
                    Arrays.copyOf(outcome.request(), 16), Arrays.copyOf(outcome.answers().get(0), 16), "both SPIs");
            assertEquals(outcome.request()[EXCHANGE], outcome.answers().get(0)[EXCHANGE]);
            assertEquals(0x20, outcome.answers().get(0)[VERSION]);
        };
    }

    static Consumer<Outcome> chosen(int proposal, Transform... transforms) {
        return outcome -> {
            accepted(outcome);
            Proposal choice = parse(outcome.answers().get(0)).first(SaPayload.class).orElseThrow().proposals().get(0);
            assertEquals(proposal, choice.number());
            assertEquals(List.of(transforms), choice.transforms());
        };
    }

    static void accepted(Outcome outcome) {
        assertEquals(1, outcome.answers().size(), outcome.scenario().gateway().drops()::toString);
        IkeMessage answer = parse(outcome.answers().get(0));
        assertTrue(answer.first(SaPayload.class).isPresent(), answer::describe);
        assertTrue(answer.header().responderSpi() != 0);
        assertEquals(1, outcome.kept());
    }

    static IkeMessage parse(byte[] octets) {
        try {
            return IkeMessage.parse(octets);
        } catch (MalformedMessage e) {
            throw new AssertionError("the gateway sent a malformed message", e);
        }
    }
}
