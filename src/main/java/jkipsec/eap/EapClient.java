package jkipsec.eap;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import jkipsec.bytes.MalformedMessage;
import jkipsec.bytes.RandomSource;
import jkipsec.bytes.Secret;

/**
 * The side of EAP-MSCHAPv2 that has a name and a password, and wants in; {@link EapServer} shows the exchange.
 *
 * <p>It succeeds only with a server that has proved to know the password too: an EAP-Success that comes earlier is a
 * failure. Requests of another type are refused until EAP-MSCHAPv2 begins. A request that comes again, octet for octet,
 * gets the same response again. A malformed packet throws and changes nothing. Confined to the thread that runs it.
 */
public final class EapClient {
    private enum State { NEW, RESPONDED, PROVEN, REFUSED, ENDED }

    /** A server that asks more often than this goes round in circles. */
    private static final int MOST_REQUESTS = 40;

    private final String userName;
    private final NtHash password;
    private final RandomSource random;
    private State state = State.NEW;
    private int requests;
    private byte[] lastRequest = {};
    private byte[] lastResponse = {};
    private byte[] expectedProof;
    private Secret msk;
    private String refusal = "the server refused without a reason";

    /**
     * Prepares one login.
     *
     * @param userName the user's name, at most 256 octets of UTF-8 without control characters; a Windows domain and a
     *     backslash may stand before it
     * @param password the hash of the password; copied
     * @param random draws the challenge
     * @throws IllegalArgumentException when the name is longer or holds others
     */
    public EapClient(String userName, NtHash password, RandomSource random) {
        MsChapV2Message.Response.requireUserName(userName);
        this.userName = userName;
        this.password = password.copy();
        this.random = random;
    }

    /**
     * Takes what the server sent.
     *
     * @param packet an EAP packet
     * @return what to do next
     * @throws MalformedMessage when it does not belong here; nothing has changed
     * @throws IllegalStateException when the login has ended
     */
    public ClientStep receive(byte[] packet) throws MalformedMessage {
        if (state == State.ENDED) {
            throw new IllegalStateException("this login has ended; a new one needs a new EapClient");
        }
        if (++requests > MOST_REQUESTS) {
            return failed("the server asks without end");
        }
        if (lastResponse.length > 0 && Arrays.equals(packet, lastRequest)) {
            return new ClientStep.Send(lastResponse.clone());
        }
        return switch (EapPacket.parse(packet)) {
            case EapPacket.Request request -> {
                ClientStep step = request(request.identifier(), request.data());
                if (step instanceof ClientStep.Send send) {
                    lastRequest = packet.clone();
                    lastResponse = send.packet().clone();
                }
                yield step;
            }
            case EapPacket.Success success -> succeeded();
            case EapPacket.Failure failure -> failed(refusal);
            case EapPacket.Response response ->
                    throw new MalformedMessage("an EAP response from the server", 0, "RFC 3748 §4");
        };
    }

    private ClientStep request(int identifier, EapData data) throws MalformedMessage {
        return switch (data) {
            case EapData.Notification notification -> respond(identifier, new EapData.Notification(""));
            case EapData.Identity prompt when state == State.NEW ->
                    respond(identifier, new EapData.Identity(userName));
            case EapData.Method method when method.type() == EapType.MSCHAP_V2 ->
                    methodRequest(identifier, MsChapV2Message.parseRequest(method.data()));
            case EapData.Method method when state == State.NEW ->
                    respond(identifier, new EapData.Nak(List.of(EapType.MSCHAP_V2)));
            default -> throw new MalformedMessage("another EAP type in the midst of EAP-MSCHAPv2", 4, "RFC 3748 §2.1");
        };
    }

    private ClientStep methodRequest(int identifier, MsChapV2Message message) throws MalformedMessage {
        return switch (message) {
            case MsChapV2Message.Challenge challenge when state == State.NEW -> {
                byte[] peerChallenge = random.bytes(MsChapV2.CHALLENGE_LENGTH);
                byte[] hash = MsChapV2.challengeHash(peerChallenge, challenge.challenge(), userName);
                byte[] proof = MsChapV2.ntResponse(password, hash);
                expectedProof = MsChapV2.authenticatorResponse(password, proof, hash);
                msk = MsChapV2.msk(password, proof);
                state = State.RESPONDED;
                yield respond(identifier, new MsChapV2Message.Response(
                        challenge.id(), peerChallenge, proof, userName).toData());
            }
            case MsChapV2Message.SuccessRequest success when state == State.RESPONDED -> {
                if (!MessageDigest.isEqual(expectedProof, success.authenticatorResponse())) {
                    yield failed("the server does not know the password");
                }
                state = State.PROVEN;
                yield respond(identifier, new MsChapV2Message.SuccessResponse().toData());
            }
            case MsChapV2Message.FailureRequest failure when state == State.RESPONDED -> {
                refusal = "the server refused: " + reason(failure.error());
                state = State.REFUSED;
                yield respond(identifier, new MsChapV2Message.FailureResponse().toData());
            }
            default -> throw new MalformedMessage(
                    "an EAP-MSCHAPv2 request out of order", 5, "draft-kamath-pppext-eap-mschapv2 §2");
        };
    }

    /** The errors of RFC 2759 §6; the server's own text is not repeated, since it may hold anything. */
    private static String reason(int error) {
        return switch (error) {
            case 646 -> "not at this time of day (646)";
            case 647 -> "the account is disabled (647)";
            case 648 -> "the password has expired (648)";
            case 649 -> "the account may not dial in (649)";
            case MsChapV2Message.FailureRequest.AUTHENTICATION_FAILURE -> "wrong name or password (691)";
            case 709 -> "the password could not be changed (709)";
            default -> "error " + error;
        };
    }

    private ClientStep respond(int identifier, EapData data) {
        return new ClientStep.Send(new EapPacket.Response(identifier, data).write());
    }

    private ClientStep succeeded() {
        if (state != State.PROVEN) {
            return failed("the server claims success before it proved to know the password");
        }
        Secret handedOver = msk;
        msk = null;
        destroy();
        return new ClientStep.Succeeded(handedOver);
    }

    private ClientStep failed(String why) {
        destroy();
        return new ClientStep.Failed(why);
    }

    /** Gives up: wipes the password's hash and what was not handed over. Doing it again changes nothing. */
    public void destroy() {
        state = State.ENDED;
        password.destroy();
        if (msk != null) {
            msk.destroy();
            msk = null;
        }
    }
}
