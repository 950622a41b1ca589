package jkipsec.eap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.Optional;
import java.util.Random;
import jkipsec.bytes.MalformedMessage;
import jkipsec.bytes.RandomSource;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class EapProperties {
    private static final int TRIES = 300;

    @Property(tries = TRIES)
    void whatIsWrittenIsParsedBack(@ForAll("packets") EapPacket packet) throws MalformedMessage {
        byte[] octets = packet.write();
        assertEquals(packet, EapPacket.parse(octets));
        assertArrayEquals(octets, EapPacket.parse(octets).write());
    }

    @Property(tries = TRIES)
    void whatTheServerWritesIsParsedBack(@ForAll("requests") MsChapV2Message message) throws MalformedMessage {
        assertEquals(message, MsChapV2Message.parseRequest(message.toData().data()));
    }

    @Property(tries = TRIES)
    void whatTheClientWritesIsParsedBack(@ForAll("responses") MsChapV2Message message) throws MalformedMessage {
        assertEquals(message, MsChapV2Message.parseResponse(message.toData().data()));
    }

    /** Also with a first octet that leads somewhere. */
    @Property(tries = 1000)
    void anyOctetsAreParsedOrMalformed(@ForAll byte[] octets, @ForAll @IntRange(min = 0, max = 7) int first) {
        if (octets.length > 0) {
            octets[0] = (byte) first;
        }
        parse(() -> EapPacket.parse(octets));
        parse(() -> MsChapV2Message.parseRequest(octets));
        parse(() -> MsChapV2Message.parseResponse(octets));
    }

    /** Whatever one octet of the exchange is changed into, the two sides never end with different keys. */
    @Property(tries = TRIES)
    void aChangedOctetNeverLetsTheWrongOneIn(
            @ForAll long seed,
            @ForAll @IntRange(min = 0, max = 6) int message,
            @ForAll @IntRange(min = 0, max = 90) int place,
            @ForAll @IntRange(min = 1, max = 255) int change) {
        RandomSource random = new Random(seed)::nextBytes;
        var server = new EapServer("gateway", random);
        var client = new EapClient("alice", NtHash.of("wonderland"), random);
        PasswordSource users = name -> name.equals("alice") ? Optional.of(NtHash.of("wonderland")) : Optional.empty();
        byte[] toClient = server.start(true);
        ServerStep.Succeeded in = null;
        for (int i = 0; i < 10; i += 2) {
            try {
                ClientStep answer = client.receive(changed(toClient, i == message, place, change));
                if (answer instanceof ClientStep.Succeeded there) {
                    assertArrayEquals(in.msk().expose(), there.msk().expose());
                    assertEquals("alice", in.login().userName());
                    return;
                }
                if (!(answer instanceof ClientStep.Send send)) {
                    return;
                }
                switch (server.receive(changed(send.packet(), i + 1 == message, place, change), users)) {
                    case ServerStep.Send next -> toClient = next.packet();
                    case ServerStep.Succeeded success -> {
                        in = success;
                        toClient = success.packet();
                    }
                    case ServerStep.Failed failure -> {
                        assertInstanceOf(ClientStep.Failed.class, client.receive(failure.packet()));
                        return;
                    }
                    case ServerStep.Ask ask -> throw new AssertionError("the source decides");
                }
            } catch (MalformedMessage e) {
                return;
            }
        }
        throw new AssertionError("no end after ten messages");
    }

    @Property(tries = 100)
    void anyNameAndPasswordWork(
            @ForAll("names") String name, @ForAll("passwords") String password, @ForAll boolean askIdentity)
            throws MalformedMessage {
        RandomSource random = new Random(name.hashCode())::nextBytes;
        var server = new EapServer("gateway", random);
        var client = new EapClient(name, NtHash.of(password), random);
        byte[] toClient = server.start(askIdentity);
        while (true) {
            var send = (ClientStep.Send) client.receive(toClient);
            ServerStep step = server.receive(send.packet(), found -> Optional.of(NtHash.of(password)));
            if (step instanceof ServerStep.Succeeded success) {
                assertEquals(name, success.login().userName());
                var there = (ClientStep.Succeeded) client.receive(success.packet());
                assertArrayEquals(success.msk().expose(), there.msk().expose());
                return;
            }
            toClient = ((ServerStep.Send) step).packet();
        }
    }

    private static byte[] changed(byte[] packet, boolean change, int place, int by) {
        byte[] copy = packet.clone();
        if (change) {
            copy[place % copy.length] ^= (byte) by;
        }
        return copy;
    }

    private interface Parser {
        Object parse() throws MalformedMessage;
    }

    private static void parse(Parser parser) {
        try {
            parser.parse();
        } catch (MalformedMessage e) {
            // The other thing a parser may do.
        }
    }

    @Provide
    Arbitrary<EapPacket> packets() {
        Arbitrary<Integer> ids = Arbitraries.integers().between(0, 255);
        Arbitrary<EapData> texts = texts(100).flatMap(text ->
                Arbitraries.of(new EapData.Identity(text), new EapData.Notification(text)));
        Arbitrary<EapData> methods = Combinators.combine(
                        Arbitraries.integers().between(4, 255), octets(0, 100)).as(EapData.Method::new);
        Arbitrary<EapData> naks =
                Arbitraries.integers().between(0, 255).list().ofMaxSize(5).map(EapData.Nak::new);
        return Arbitraries.oneOf(
                Combinators.combine(ids, Arbitraries.oneOf(texts, methods)).as(EapPacket.Request::new),
                Combinators.combine(ids, Arbitraries.oneOf(texts, methods, naks)).as(EapPacket.Response::new),
                ids.map(EapPacket.Success::new),
                ids.map(EapPacket.Failure::new));
    }

    @Provide
    Arbitrary<MsChapV2Message> requests() {
        Arbitrary<Integer> ids = Arbitraries.integers().between(0, 255);
        return Arbitraries.oneOf(
                Combinators.combine(ids, octets(16, 16), texts(60)).as(MsChapV2Message.Challenge::new),
                Combinators.combine(ids, octets(20, 20), texts(60)).as(MsChapV2Message.SuccessRequest::new),
                Combinators.combine(ids, Arbitraries.integers().between(0, 999_999_999), Arbitraries.of(true, false),
                        Arbitraries.oneOf(octets(16, 16), octets(0, 0)), texts(60))
                        .as(MsChapV2Message.FailureRequest::new));
    }

    @Provide
    Arbitrary<MsChapV2Message> responses() {
        Arbitrary<Integer> ids = Arbitraries.integers().between(0, 255);
        return Arbitraries.oneOf(
                Combinators.combine(ids, octets(16, 16), octets(24, 24), names()).as(MsChapV2Message.Response::new),
                Arbitraries.of(new MsChapV2Message.SuccessResponse(), new MsChapV2Message.FailureResponse()));
    }

    @Provide
    Arbitrary<String> names() {
        return texts(60).map(text -> text.codePoints()
                .filter(c -> !Character.isISOControl(c))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString());
    }

    @Provide
    Arbitrary<String> passwords() {
        return Arbitraries.strings().ofMaxLength(256);
    }

    private static Arbitrary<String> texts(int most) {
        return Arbitraries.strings().ofMaxLength(most).map(text -> text.codePoints()
                .filter(c -> c < 0xd800 || c > 0xdfff)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString());
    }

    private static Arbitrary<byte[]> octets(int from, int to) {
        return Arbitraries.bytes().array(byte[].class).ofMinSize(from).ofMaxSize(to);
    }
}
