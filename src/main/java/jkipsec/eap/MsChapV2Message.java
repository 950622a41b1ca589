package jkipsec.eap;

import java.util.Arrays;
import jkipsec.bytes.ByteReader;
import jkipsec.bytes.ByteWriter;
import jkipsec.bytes.MalformedMessage;

/**
 * A message of EAP-MSCHAPv2, the Type-Data of EAP type 26 (draft-kamath-pppext-eap-mschapv2 §2):
 *
 * <pre>
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   |    OpCode     |  MS-CHAPv2-ID |          MS-Length            |
 *   |   Data ...                      (not in the last two messages)
 * </pre>
 *
 * <p>Requests and responses share their OpCodes, so each direction has its parser. MS-Length, which repeats what the
 * EAP packet says, is written and not looked at: some peers get it wrong. Password changes are not supported. Immutable.
 */
public sealed interface MsChapV2Message {
    /** Octets a user's or a server's name may have (RFC 2759 §4). */
    int MOST_NAME = 256;

    /** Octets a text for the user may have. */
    int MOST_MESSAGE = 1024;

    /** OpCode of a challenge. */
    int CHALLENGE = 1;

    /** OpCode of the response to a challenge. */
    int RESPONSE = 2;

    /** OpCode of both success messages. */
    int SUCCESS = 3;

    /** OpCode of both failure messages. */
    int FAILURE = 4;

    /**
     * Writes the message as an EAP method's data.
     *
     * @return data of type 26
     */
    default EapData.Method toData() {
        var out = new ByteWriter();
        switch (this) {
            case Challenge m -> header(out, CHALLENGE, m.id)
                    .u8(m.challenge.length)
                    .bytes(m.challenge)
                    .bytes(Text.encode("the server's name", m.name));
            case Response m -> header(out, RESPONSE, m.id)
                    .u8(Response.VALUE_LENGTH)
                    .bytes(m.peerChallenge)
                    .zeros(Response.RESERVED_LENGTH)
                    .bytes(m.ntResponse)
                    .u8(0)
                    .bytes(Text.encode("the user name", m.userName));
            case SuccessRequest m -> header(out, SUCCESS, m.id).bytes(MsChapV2Text.success(m));
            case FailureRequest m -> header(out, FAILURE, m.id).bytes(MsChapV2Text.failure(m));
            case SuccessResponse m -> out.u8(SUCCESS);
            case FailureResponse m -> out.u8(FAILURE);
        }
        if (out.length() > 1) {
            out.patch16(2, out.length());
        }
        return new EapData.Method(EapType.MSCHAP_V2, out.toByteArray());
    }

    private static ByteWriter header(ByteWriter out, int opCode, int id) {
        return out.u8(opCode).u8(id).u16(0);
    }

    /**
     * Parses what a server sent.
     *
     * @param data the Type-Data of an EAP request of type 26
     * @return a {@link Challenge}, {@link SuccessRequest} or {@link FailureRequest}
     * @throws MalformedMessage when it is none of them
     */
    static MsChapV2Message parseRequest(byte[] data) throws MalformedMessage {
        var in = new ByteReader(data, "draft-kamath-pppext-eap-mschapv2 §2");
        int opCode = in.u8("OpCode");
        int id = in.u8("MS-CHAPv2-ID");
        in.skip(2, "MS-Length");
        return switch (opCode) {
            case CHALLENGE -> {
                valueSize(in, MsChapV2.CHALLENGE_LENGTH);
                byte[] challenge = in.bytes(MsChapV2.CHALLENGE_LENGTH, "challenge");
                yield new Challenge(id, challenge, Text.rest(in, "server name", MOST_NAME));
            }
            case SUCCESS -> MsChapV2Text.parseSuccess(id, in);
            case FAILURE -> MsChapV2Text.parseFailure(id, in);
            default -> throw in.malformed("OpCode " + opCode + " in a request");
        };
    }

    /**
     * Parses what a client sent. Of a success or a failure response only the OpCode counts, which should be all of it.
     *
     * @param data the Type-Data of an EAP response of type 26
     * @return a {@link Response}, {@link SuccessResponse} or {@link FailureResponse}
     * @throws MalformedMessage when it is none of them
     */
    static MsChapV2Message parseResponse(byte[] data) throws MalformedMessage {
        var in = new ByteReader(data, "draft-kamath-pppext-eap-mschapv2 §2");
        int opCode = in.u8("OpCode");
        return switch (opCode) {
            case RESPONSE -> {
                int id = in.u8("MS-CHAPv2-ID");
                in.skip(2, "MS-Length");
                valueSize(in, Response.VALUE_LENGTH);
                byte[] peerChallenge = in.bytes(MsChapV2.CHALLENGE_LENGTH, "peer challenge");
                in.skip(Response.RESERVED_LENGTH, "reserved");
                byte[] ntResponse = in.bytes(MsChapV2.NT_RESPONSE_LENGTH, "NT response");
                in.skip(1, "flags");
                String name = Text.rest(in, "user name", MOST_NAME);
                if (name.codePoints().anyMatch(Character::isISOControl)) {
                    throw in.malformed("a control character in the user name");
                }
                yield new Response(id, peerChallenge, ntResponse, name);
            }
            case SUCCESS -> new SuccessResponse();
            case FAILURE -> new FailureResponse();
            default -> throw in.malformed("OpCode " + opCode + " in a response");
        };
    }

    private static void valueSize(ByteReader in, int expected) throws MalformedMessage {
        int size = in.u8("Value-Size");
        if (size != expected) {
            throw in.malformed("Value-Size " + size + " instead of " + expected);
        }
    }

    private static void require(String field, byte[] octets, int length) {
        if (octets.length != length) {
            throw new IllegalArgumentException(field + " has " + length + " octets, not " + octets.length);
        }
    }

    private static void requireId(int id) {
        if (id < 0 || id > 255) {
            throw new IllegalArgumentException("an MS-CHAPv2-ID is 0 to 255, not " + id);
        }
    }

    /**
     * What the client must compute on (§2.1).
     *
     * @param id pairs the messages of one try, 0 to 255
     * @param challenge 16 random octets of the server
     * @param name the server's name, at most {@link #MOST_NAME} octets of UTF-8
     */
    record Challenge(int id, byte[] challenge, String name) implements MsChapV2Message {
        /** Checks and copies. */
        public Challenge {
            requireId(id);
            require("a challenge", challenge, MsChapV2.CHALLENGE_LENGTH);
            Text.require("a server's name", name, MOST_NAME);
            challenge = challenge.clone();
        }

        /**
         * The server's challenge.
         *
         * @return a copy
         */
        @Override
        public byte[] challenge() {
            return challenge.clone();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Challenge that && id == that.id && Arrays.equals(challenge, that.challenge)
                    && name.equals(that.name);
        }

        @Override
        public int hashCode() {
            return 31 * (31 * id + Arrays.hashCode(challenge)) + name.hashCode();
        }

        @Override
        public String toString() {
            return "Challenge[id=" + id + ", name=" + name + "]";
        }
    }

    /**
     * The client's name and proof (§2.2).
     *
     * @param id that of the challenge
     * @param peerChallenge 16 random octets of the client, which the server must compute on
     * @param ntResponse the proof, 24 octets (RFC 2759 §8.1)
     * @param userName the user's name, with a Windows domain and a backslash before it or without, at most
     *     {@link #MOST_NAME} octets of UTF-8
     */
    record Response(int id, byte[] peerChallenge, byte[] ntResponse, String userName) implements MsChapV2Message {
        private static final int RESERVED_LENGTH = 8;
        private static final int VALUE_LENGTH =
                MsChapV2.CHALLENGE_LENGTH + RESERVED_LENGTH + MsChapV2.NT_RESPONSE_LENGTH + 1;

        /** Checks and copies. */
        public Response {
            requireId(id);
            require("a peer challenge", peerChallenge, MsChapV2.CHALLENGE_LENGTH);
            require("an NT response", ntResponse, MsChapV2.NT_RESPONSE_LENGTH);
            requireUserName(userName);
            peerChallenge = peerChallenge.clone();
            ntResponse = ntResponse.clone();
        }

        static void requireUserName(String userName) {
            Text.require("a user name", userName, MOST_NAME);
            if (userName.codePoints().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException("a user name cannot hold control characters");
            }
        }

        /**
         * The client's challenge.
         *
         * @return a copy
         */
        @Override
        public byte[] peerChallenge() {
            return peerChallenge.clone();
        }

        /**
         * The proof.
         *
         * @return a copy
         */
        @Override
        public byte[] ntResponse() {
            return ntResponse.clone();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Response that && id == that.id && Arrays.equals(peerChallenge, that.peerChallenge)
                    && Arrays.equals(ntResponse, that.ntResponse) && userName.equals(that.userName);
        }

        @Override
        public int hashCode() {
            return 31 * (31 * (31 * id + Arrays.hashCode(peerChallenge)) + Arrays.hashCode(ntResponse))
                    + userName.hashCode();
        }

        /** Says who, not the proof, from which weak passwords can be found. */
        @Override
        public String toString() {
            return "Response[id=" + id + ", userName=" + userName + "]";
        }
    }

    /**
     * The server accepts, and proves that it knows the password too (§2.3).
     *
     * @param id that of the challenge
     * @param authenticatorResponse the proof, 20 octets (RFC 2759 §8.7)
     * @param message text for the user, at most {@link #MOST_MESSAGE} octets of UTF-8
     */
    record SuccessRequest(int id, byte[] authenticatorResponse, String message) implements MsChapV2Message {
        /** Checks and copies. */
        public SuccessRequest {
            requireId(id);
            require("an authenticator response", authenticatorResponse, MsChapV2.AUTHENTICATOR_RESPONSE_LENGTH);
            Text.require("a message", message, MOST_MESSAGE);
            authenticatorResponse = authenticatorResponse.clone();
        }

        /**
         * The server's proof.
         *
         * @return a copy
         */
        @Override
        public byte[] authenticatorResponse() {
            return authenticatorResponse.clone();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof SuccessRequest that && id == that.id && message.equals(that.message)
                    && Arrays.equals(authenticatorResponse, that.authenticatorResponse);
        }

        @Override
        public int hashCode() {
            return 31 * (31 * id + Arrays.hashCode(authenticatorResponse)) + message.hashCode();
        }

        @Override
        public String toString() {
            return "SuccessRequest[id=" + id + ", message=" + message + "]";
        }
    }

    /**
     * The server refuses (§2.5).
     *
     * @param id that of the challenge
     * @param error why, as Windows counts errors: 646 outside the hours allowed, 647 account disabled, 648 password
     *     expired, 649 no right to dial in, 691 wrong name or password, 709 error at changing the password
     * @param retry whether the server takes another try
     * @param challenge the challenge of that try: 16 octets, or none when the server sent none
     * @param message text for the user, at most {@link #MOST_MESSAGE} octets of UTF-8
     */
    record FailureRequest(int id, int error, boolean retry, byte[] challenge, String message)
            implements MsChapV2Message {
        /** The error of a wrong name or password. */
        public static final int AUTHENTICATION_FAILURE = 691;

        private static final int MOST_ERROR = 999_999_999;

        /** Checks and copies. */
        public FailureRequest {
            requireId(id);
            if (error < 0 || error > MOST_ERROR) {
                throw new IllegalArgumentException("an error number is 0 to " + MOST_ERROR + ", not " + error);
            }
            if (challenge.length > 0) {
                require("a challenge", challenge, MsChapV2.CHALLENGE_LENGTH);
            }
            Text.require("a message", message, MOST_MESSAGE);
            challenge = challenge.clone();
        }

        /**
         * The challenge for another try.
         *
         * @return a copy, empty when there is none
         */
        @Override
        public byte[] challenge() {
            return challenge.clone();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof FailureRequest that && id == that.id && error == that.error && retry == that.retry
                    && Arrays.equals(challenge, that.challenge) && message.equals(that.message);
        }

        @Override
        public int hashCode() {
            return 31 * (31 * (31 * id + error) + Arrays.hashCode(challenge)) + message.hashCode();
        }

        @Override
        public String toString() {
            return "FailureRequest[id=" + id + ", error=" + error + ", retry=" + retry + ", message=" + message + "]";
        }
    }

    /** The client accepts the server's proof (§2.4). */
    record SuccessResponse() implements MsChapV2Message {}

    /** The client has understood that it is refused (§2.6). */
    record FailureResponse() implements MsChapV2Message {}
}
