package jkipsec.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import jkipsec.bytes.Octets;
import jkipsec.ike.TerminationCause;
import jkipsec.ike.message.NotifyPayload;
import jkipsec.ike.message.NotifyType;
import jkipsec.ike.message.PayloadChain;
import jkipsec.ike.message.PayloadType;
import jkipsec.sim.Peer;
import jkipsec.sim.Scenario;
import jkipsec.sim.ScriptedResponder;
import jkipsec.sim.ScriptedSa;
import jkipsec.sim.ScriptedSa.Envelope;
import jkipsec.sim.World;
import org.junit.jupiter.api.Test;

/** What a device makes of a gateway's fragments (RFC 7383 §2.6), right and wrong. */
class HostileFragmentAnswerTest {
    private final Scenario scenario = new Scenario(1);
    private final ScriptedResponder gateway = new ScriptedResponder(scenario);
    private final Peer device = scenario.device();
    private int requests;

    /** Connects to a gateway whose answers to IKE_AUTH are made from the request and how often it came. */
    private GatewayTunnel connect(boolean agreed, BiFunction<byte[], Integer, List<byte[]>> answers) {
        gateway.onInit(request -> List.of(gateway.initAnswer(request, list -> {
            if (agreed) {
                list.add(NotifyPayload.of(NotifyType.IKEV2_FRAGMENTATION_SUPPORTED));
            }
            return list;
        })));
        gateway.onAuth(request -> answers.apply(request, ++requests));
        GatewayTunnel tunnel =
                scenario.connect(device, Scenario.as("alice", "secret", ScriptedResponder.OFFERED));
        scenario.world().runFor(120 * World.SECOND);
        return tunnel;
    }

    private static Envelope envelope(byte[] request) {
        return new Envelope(request[18] & 0xff, Octets.i32(request, 20), ScriptedSa.RESPONSE, 0x20);
    }

    private byte[] fragment(byte[] request, byte[] inner, int number, int total) {
        return gateway.sa().sealFragment(
                envelope(request), number, total, number == 1 ? PayloadType.IDR : PayloadType.NONE,
                Arrays.copyOfRange(inner, inner.length * (number - 1) / total, inner.length * number / total));
    }

    private List<byte[]> fragments(byte[] request, int total) {
        byte[] inner = PayloadChain.write(gateway.authPayloads());
        return IntStream.rangeClosed(1, total)
                .mapToObj(number -> fragment(request, inner, number, total))
                .toList();
    }

    @Test
    void anAnswerInFragmentsIsPutTogether() {
        assertTrue(connect(true, (request, times) -> fragments(request, 5)).isUp());
        assertEquals(1, requests);
    }

    @Test
    void fragmentsOfRepeatedAnswersCompleteEachOther() {
        byte[][] answer = new byte[1][];
        GatewayTunnel tunnel = connect(true, (request, times) -> {
            answer[0] = answer[0] == null ? PayloadChain.write(gateway.authPayloads()) : answer[0];
            return List.of(fragment(request, answer[0], times, 3));
        });
        assertTrue(tunnel.isUp());
        assertEquals(3, requests);
    }

    @Test
    void section2_6_anAnswerDividedAnewStartsOver() {
        GatewayTunnel tunnel = connect(true, (request, times) ->
                times == 1 ? fragments(request, 2).subList(0, 1) : fragments(request, 3));
        assertTrue(tunnel.isUp());
        assertEquals(2, requests);
    }

    @Test
    void section2_3_fragmentsThatWereNotAgreedOnAreDropped() {
        GatewayTunnel tunnel = connect(false, (request, times) -> fragments(request, 2));
        assertInstanceOf(TerminationCause.PeerUnreachable.class, device.causeOf(tunnel).orElseThrow());
        assertEquals(2 * requests, device.drops("ike.FRAGMENT_UNEXPECTED"));
    }

    @Test
    void section5_anEndlessAnswerEndsTheIkeSaInsteadOfFillingMemory() {
        GatewayTunnel tunnel = connect(true, (request, times) -> {
            var answer = new ArrayList<byte[]>();
            for (int number = 1; number <= 100; number++) {
                answer.add(gateway.sa().sealFragment(envelope(request), number, 120, 0, new byte[1_000]));
            }
            return answer;
        });
        assertInstanceOf(TerminationCause.ProtocolError.class, device.causeOf(tunnel).orElseThrow());
        assertEquals(0, device.gateway().ikeSaCount());
    }

    @Test
    void anAnswerThatNeverBecomesWholeIsNoAnswer() {
        GatewayTunnel tunnel = connect(true, (request, times) -> fragments(request, 3).subList(0, 2));
        assertInstanceOf(TerminationCause.PeerUnreachable.class, device.causeOf(tunnel).orElseThrow());
        assertEquals(0, device.gateway().ikeSaCount());
    }
}
