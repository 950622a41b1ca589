package jkipsec.eap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import jkipsec.bytes.MalformedMessage;
import jkipsec.bytes.RandomSource;
import org.junit.jupiter.api.Test;

/** Whole logins, and what both sides do with a peer that misbehaves. */
class EapLoginTest {
    private static final PasswordSource USERS =
            name -> name.equals("alice") ? Optional.of(NtHash.of("wonderland")) : Optional.empty();

    private final RandomSource random = new Random(7)::nextBytes;
    private final EapServer server = new EapServer("gateway", random);

    private EapClient client(String name, String password) {
        return new EapClient(name, NtHash.of(password), random);
    }

    /** Carries packets to and fro until the server has ended, and gives both sides' last steps. */
    private record Outcome(ServerStep server, ClientStep client, int rounds) {}

    private static Outcome run(EapServer server, byte[] first, EapClient client) throws MalformedMessage {
        byte[] toClient = first;
        for (int rounds = 1;; rounds++) {
            ClientStep answer = client.receive(toClient);
            if (!(answer instanceof ClientStep.Send send)) {
                return new Outcome(null, answer, rounds);
            }
            ServerStep step = server.receive(send.packet(), USERS);
            switch (step) {
                case ServerStep.Send next -> toClient = next.packet();
                case ServerStep.Succeeded success -> {
                    return new Outcome(success, client.receive(success.packet()), rounds);
                }
                case ServerStep.Failed failure -> {
                    return new Outcome(failure, client.receive(failure.packet()), rounds);
                }
                case ServerStep.Ask ask -> throw new AssertionError("the source decides");
            }
        }
    }

    @Test
    void theRightPasswordGivesBothSidesTheSameKey() throws MalformedMessage {
        Outcome outcome = run(server, server.start(true), client("alice", "wonderland"));
        var in = assertInstanceOf(ServerStep.Succeeded.class, outcome.server());
        var there = assertInstanceOf(ClientStep.Succeeded.class, outcome.client());
        assertEquals("alice", in.login().userName());
        assertEquals(64, in.msk().length());
        assertArrayEquals(in.msk().expose(), there.msk().expose());
        assertEquals(3, outcome.rounds());
    }

    @Test
    void theIdentityRequestCanBeLeftOut() throws MalformedMessage {
        Outcome outcome = run(server, server.start(false), client("alice", "wonderland"));
        assertInstanceOf(ServerStep.Succeeded.class, outcome.server());
        assertEquals(2, outcome.rounds());
    }

    @Test
    void aWrongPasswordFailsOnBothSides() throws MalformedMessage {
        Outcome outcome = run(server, server.start(true), client("alice", "looking-glass"));
        assertTrue(assertInstanceOf(ServerStep.Failed.class, outcome.server()).why().contains("alice"));
        assertEquals("the server refused: wrong name or password (691)",
                assertInstanceOf(ClientStep.Failed.class, outcome.client()).why());
    }

    @Test
    void anUnknownNameLooksLikeAWrongPassword() throws MalformedMessage {
        byte[] unknown = refusal("mallory");
        byte[] wrong = refusal("alice");
        assertArrayEquals(wrong, unknown);
    }

    private static byte[] refusal(String name) throws MalformedMessage {
        RandomSource same = new Random(3)::nextBytes;
        var server = new EapServer("gateway", same);
        var client = new EapClient(name, NtHash.of("looking-glass"), same);
        var response = (ClientStep.Send) client.receive(server.start(false));
        return ((ServerStep.Send) server.receive(response.packet(), USERS)).packet();
    }

    @Test
    void theServerAsksBeforeItDecidesAndMayWait() throws MalformedMessage {
        EapClient client = client("alice", "wonderland");
        var response = (ClientStep.Send) client.receive(server.start(false));
        var ask = assertInstanceOf(ServerStep.Ask.class, server.receive(response.packet()));
        assertEquals("alice", ask.login().userName());
        assertTrue(ask.login().matches(NtHash.of("wonderland")));
        assertFalse(ask.login().matches(NtHash.of("Wonderland")));
        assertThrows(IllegalStateException.class, () -> server.receive(response.packet()));
        assertInstanceOf(ServerStep.Send.class, server.verify(NtHash.of("wonderland")));
        assertThrows(IllegalStateException.class, server::refuse);
    }

    @Test
    void aServerWithoutThePasswordIsNotBelieved() throws MalformedMessage {
        EapClient client = client("alice", "wonderland");
        var response = (ClientStep.Send) client.receive(server.start(false));
        int id = response.packet()[1];
        byte[] forged = new EapPacket.Request(
                id + 1 & 0xff, new MsChapV2Message.SuccessRequest(0, new byte[20], "").toData()).write();
        assertEquals("the server does not know the password",
                assertInstanceOf(ClientStep.Failed.class, client.receive(forged)).why());
        assertThrows(IllegalStateException.class, () -> client.receive(new EapPacket.Success(id).write()));
    }

    @Test
    void aSuccessThatComesTooEarlyIsAFailure() throws MalformedMessage {
        EapClient untouched = client("alice", "wonderland");
        assertInstanceOf(ClientStep.Failed.class, untouched.receive(new EapPacket.Success(1).write()));
        EapClient responded = client("alice", "wonderland");
        responded.receive(server.start(false));
        assertInstanceOf(ClientStep.Failed.class, responded.receive(new EapPacket.Success(1).write()));
    }

    @Test
    void aRepeatedRequestGetsTheSameResponse() throws MalformedMessage {
        EapClient client = client("alice", "wonderland");
        byte[] challenge = server.start(false);
        var first = (ClientStep.Send) client.receive(challenge);
        var second = (ClientStep.Send) client.receive(challenge);
        assertArrayEquals(first.packet(), second.packet());
    }

    @Test
    void aPacketWithoutOctetsIsNoRepetitionOfNothing() {
        EapClient client = client("alice", "wonderland");
        assertThrows(MalformedMessage.class, () -> client.receive(new byte[0]));
    }

    @Test
    void aServerThatAsksWithoutEndIsLeft() throws MalformedMessage {
        EapClient client = client("alice", "wonderland");
        byte[] prompt = new EapPacket.Request(1, new EapData.Identity("")).write();
        for (int i = 0; i < 40; i++) {
            assertInstanceOf(ClientStep.Send.class, client.receive(prompt));
        }
        assertInstanceOf(ClientStep.Failed.class, client.receive(prompt));
    }

    @Test
    void theClientRefusesOtherTypesAndNamesItsOwn() throws MalformedMessage {
        EapClient client = client("alice", "wonderland");
        var md5 = new EapPacket.Request(9, new EapData.Method(4, new byte[17]));
        var answer = (ClientStep.Send) client.receive(md5.write());
        assertEquals(new EapPacket.Response(9, new EapData.Nak(List.of(26))), EapPacket.parse(answer.packet()));
        client.receive(server.start(false));
        assertThrows(MalformedMessage.class, () -> client.receive(md5.write()));
    }

    @Test
    void theClientAcknowledgesANotificationAtAnyTime() throws MalformedMessage {
        EapClient client = client("alice", "wonderland");
        client.receive(server.start(false));
        var notice = new EapPacket.Request(200, new EapData.Notification("the password expires soon"));
        var answer = (ClientStep.Send) client.receive(notice.write());
        assertEquals(new EapPacket.Response(200, new EapData.Notification("")), EapPacket.parse(answer.packet()));
    }

    @Test
    void theServerGivesUpOnAClientThatWantsAnotherType() throws MalformedMessage {
        int id = server.start(false)[1] & 0xff;
        byte[] nak = new EapPacket.Response(id, new EapData.Nak(List.of(13, 25))).write();
        var failed = assertInstanceOf(ServerStep.Failed.class, server.receive(nak));
        assertEquals(new EapPacket.Failure(id), EapPacket.parse(failed.packet()));
        assertTrue(failed.why().contains("[13, 25]"), failed.why());
        assertThrows(IllegalStateException.class, () -> server.receive(nak));
    }

    @Test
    void whatIsNoResponseToTheRequestChangesNothing() throws MalformedMessage {
        EapClient client = client("alice", "wonderland");
        byte[] challenge = server.start(false);
        int id = challenge[1] & 0xff;
        byte[] response = ((ClientStep.Send) client.receive(challenge)).packet();
        byte[] otherIdentifier = response.clone();
        otherIdentifier[1]++;
        byte[] otherMsChapId = response.clone();
        otherMsChapId[6]++;
        var wrong = List.of(
                challenge,
                otherIdentifier,
                otherMsChapId,
                new EapPacket.Success(id).write(),
                new EapPacket.Failure(id).write(),
                new EapPacket.Response(id, new EapData.Identity("alice")).write(),
                new EapPacket.Response(id, new EapData.Notification("")).write(),
                new EapPacket.Response(id, new EapData.Method(13, new byte[1])).write(),
                new EapPacket.Response(id, new MsChapV2Message.SuccessResponse().toData()).write());
        for (byte[] packet : wrong) {
            assertThrows(MalformedMessage.class, () -> server.receive(packet));
        }
        assertInstanceOf(ServerStep.Ask.class, server.receive(response));
    }

    @Test
    void aClientThatRefusesTheServersProofFails() throws MalformedMessage {
        EapClient client = client("alice", "wonderland");
        var response = (ClientStep.Send) client.receive(server.start(false));
        var success = (ServerStep.Send) server.receive(response.packet(), USERS);
        byte[] refusal = new EapPacket.Response(
                success.packet()[1] & 0xff, new MsChapV2Message.FailureResponse().toData()).write();
        assertInstanceOf(ServerStep.Failed.class, server.receive(refusal));
    }

    @Test
    void aLoginBeginsOnce() {
        server.start(true);
        assertThrows(IllegalStateException.class, () -> server.start(false));
        server.destroy();
        assertThrows(IllegalStateException.class, () -> server.start(true));
    }

    @Test
    void namesThatCannotBeSentAreRefusedAtOnce() {
        for (String wrong : new String[] {"a\nb", "x".repeat(257), "\ud800"}) {
            assertThrows(IllegalArgumentException.class, () -> client(wrong, ""));
        }
    }
}
