package jkipsec.eap;

import jkipsec.bytes.MalformedMessage;
import jkipsec.bytes.RandomSource;
import jkipsec.bytes.Secret;

/**
 * The side of EAP-MSCHAPv2 that asks and verifies.
 *
 * <pre>
 *   client                                server
 *                          &lt;-  Identity request         {@link #start}, unless it is left out
 *   Identity response       -&gt;
 *                          &lt;-  Challenge
 *   Response (name, proof)  -&gt;                           {@link ServerStep.Ask}, {@link #verify} or {@link #refuse}
 *                          &lt;-  Success request (proof)   or Failure request, without another try
 *   Success response        -&gt;                           or Failure response
 *                          &lt;-  EAP-Success               or EAP-Failure
 * </pre>
 *
 * <p>A malformed response throws and changes nothing. Whoever has no such user calls {@link #refuse}, and the client
 * cannot tell that from a wrong password. There is one try: a client that wants another begins anew. Confined to the
 * thread that runs it.
 */
public final class EapServer {
    private enum State { NEW, IDENTITY, CHALLENGE, DECISION, SUCCESS, FAILURE, ENDED }

    private final String name;
    private final byte[] challenge;
    private State state = State.NEW;
    private int identifier;
    private int msChapId;
    private MsChapV2Login login;
    private Secret msk;

    /**
     * Prepares one login.
     *
     * @param name what the server calls itself in its challenge, at most 256 octets of UTF-8; clients do not verify it
     * @param random draws the challenge
     */
    public EapServer(String name, RandomSource random) {
        Text.require("a server's name", name, MsChapV2Message.MOST_NAME);
        this.name = name;
        this.challenge = random.bytes(MsChapV2.CHALLENGE_LENGTH);
        this.identifier = random.bytes(1)[0] & 0xff;
    }

    /**
     * Begins.
     *
     * @param askIdentity whether to ask for the identity first. RFC 7296 §3.16 advises against it, since IDi says it;
     *     many clients wait for it all the same, and IDi of some is only their address
     * @return the first request, an EAP packet
     * @throws IllegalStateException when it has begun already
     */
    public byte[] start(boolean askIdentity) {
        if (state != State.NEW) {
            throw new IllegalStateException("this login has begun; a new one needs a new EapServer");
        }
        if (askIdentity) {
            state = State.IDENTITY;
            return request(new EapData.Identity(""));
        }
        return challenge();
    }

    /**
     * Takes what the client sent.
     *
     * @param packet an EAP packet
     * @return what to do next
     * @throws MalformedMessage when it is no response to the last request; nothing has changed
     * @throws IllegalStateException when no response is awaited
     */
    public ServerStep receive(byte[] packet) throws MalformedMessage {
        if (state == State.NEW || state == State.DECISION || state == State.ENDED) {
            throw new IllegalStateException("no EAP response is awaited: " + state);
        }
        if (!(EapPacket.parse(packet) instanceof EapPacket.Response response)) {
            throw new MalformedMessage("an EAP packet that is no response", 0, "RFC 3748 §4");
        }
        if (response.identifier() != identifier) {
            throw new MalformedMessage("a response to another EAP request", 1, "RFC 3748 §4.1");
        }
        return switch (response.data()) {
            case EapData.Identity identity when state == State.IDENTITY -> new ServerStep.Send(challenge());
            case EapData.Nak nak when state == State.CHALLENGE ->
                    failed("the client does not do EAP-MSCHAPv2, but type " + nak.wanted());
            case EapData.Method method when method.type() == EapType.MSCHAP_V2 && state != State.IDENTITY ->
                    methodResponse(MsChapV2Message.parseResponse(method.data()));
            default -> throw new MalformedMessage("an EAP response of another type than the request", 4, "RFC 3748 §5");
        };
    }

    private ServerStep methodResponse(MsChapV2Message message) throws MalformedMessage {
        switch (state) {
            case CHALLENGE -> {
                if (message instanceof MsChapV2Message.Response response && response.id() == msChapId) {
                    login = new MsChapV2Login(challenge, response);
                    state = State.DECISION;
                    return new ServerStep.Ask(login);
                }
                throw new MalformedMessage("no response to the challenge", 5, "draft-kamath-pppext-eap-mschapv2 §2.2");
            }
            case SUCCESS -> {
                if (message instanceof MsChapV2Message.SuccessResponse) {
                    return succeeded();
                }
                return failed("the client does not accept that the server knows the password");
            }
            default -> {
                return failed("wrong name or password: " + login.userName());
            }
        }
    }

    /**
     * Does all that {@link #receive(byte[])} does, and decides at once.
     *
     * @param packet an EAP packet
     * @param passwords where to find the user
     * @return what to do next, never a {@link ServerStep.Ask}
     * @throws MalformedMessage when it is no response to the last request; nothing has changed
     */
    public ServerStep receive(byte[] packet, PasswordSource passwords) throws MalformedMessage {
        ServerStep step = receive(packet);
        if (!(step instanceof ServerStep.Ask ask)) {
            return step;
        }
        var found = passwords.find(ask.login().userName());
        if (found.isEmpty()) {
            return refuse();
        }
        try (NtHash password = found.get()) {
            return verify(password);
        }
    }

    /**
     * Lets the user in whose password this is.
     *
     * @param password the hash of the password of the user who was asked about; neither kept nor destroyed
     * @return what to do next: the client learns whether it was right
     * @throws IllegalStateException when nobody was asked about
     */
    public ServerStep verify(NtHash password) {
        requireDecision();
        if (!login.matches(password)) {
            return refuse();
        }
        msk = login.msk(password);
        state = State.SUCCESS;
        return new ServerStep.Send(request(new MsChapV2Message.SuccessRequest(
                msChapId, login.authenticatorResponse(password), "Welcome").toData()));
    }

    /**
     * Refuses the user.
     *
     * @return what to do next: the client is told that name or password are wrong
     * @throws IllegalStateException when nobody was asked about
     */
    public ServerStep refuse() {
        requireDecision();
        state = State.FAILURE;
        // The challenge would be that of another try; clients want the field though there is none.
        return new ServerStep.Send(request(new MsChapV2Message.FailureRequest(
                msChapId, MsChapV2Message.FailureRequest.AUTHENTICATION_FAILURE, false, challenge,
                "Wrong name or password").toData()));
    }

    private void requireDecision() {
        if (state != State.DECISION) {
            throw new IllegalStateException("no login awaits a decision: " + state);
        }
    }

    private byte[] challenge() {
        state = State.CHALLENGE;
        msChapId = identifier + 1 & 0xff;
        return request(new MsChapV2Message.Challenge(msChapId, challenge, name).toData());
    }

    private byte[] request(EapData data) {
        identifier = identifier + 1 & 0xff;
        return new EapPacket.Request(identifier, data).write();
    }

    private ServerStep succeeded() {
        state = State.ENDED;
        Secret handedOver = msk;
        msk = null;
        return new ServerStep.Succeeded(new EapPacket.Success(identifier).write(), login, handedOver);
    }

    private ServerStep failed(String why) {
        destroy();
        return new ServerStep.Failed(new EapPacket.Failure(identifier).write(), why);
    }

    /** Gives up: wipes what was not handed over. Doing it again changes nothing. */
    public void destroy() {
        state = State.ENDED;
        if (msk != null) {
            msk.destroy();
            msk = null;
        }
    }
}
