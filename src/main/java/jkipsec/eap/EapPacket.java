package jkipsec.eap;

import jkipsec.bytes.ByteReader;
import jkipsec.bytes.ByteWriter;
import jkipsec.bytes.MalformedMessage;

/**
 * An EAP packet (RFC 3748 §4), the contents of an IKE payload of type EAP (RFC 7296 §3.16):
 *
 * <pre>
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   |     Code      |  Identifier   |            Length             |
 *   |     Type      |  Type-Data ...        (requests and responses only)
 * </pre>
 *
 * <p>Immutable. What can be constructed can be written and parsed back.
 */
public sealed interface EapPacket {
    /** Octets before the Type field. */
    int HEADER = 4;

    /** Octets of the longest packet. */
    int MOST = 65_535;

    /** The Code of a request. */
    int REQUEST = 1;

    /** The Code of a response. */
    int RESPONSE = 2;

    /** The Code of a success. */
    int SUCCESS = 3;

    /** The Code of a failure. */
    int FAILURE = 4;

    /**
     * The Code field.
     *
     * @return 1 to 4
     */
    int code();

    /**
     * Pairs a response with its request.
     *
     * @return 0 to 255
     */
    int identifier();

    /**
     * Parses a packet.
     *
     * @param octets the packet and nothing else; its Length field must say so, since IKE leaves no room for padding
     * @return the packet
     * @throws MalformedMessage when the octets break RFC 3748 §4 or RFC 7296 §3.16
     */
    static EapPacket parse(byte[] octets) throws MalformedMessage {
        var in = new ByteReader(octets, "RFC 3748 §4");
        int code = in.u8("EAP code");
        int identifier = in.u8("EAP identifier");
        int length = in.u16("EAP length");
        if (length != octets.length) {
            throw in.malformed("EAP length " + length + " in " + octets.length + " octets");
        }
        return switch (code) {
            case REQUEST -> {
                EapData data = EapData.parse(in);
                if (data instanceof EapData.Nak) {
                    throw in.malformed("a request of type Nak");
                }
                yield new Request(identifier, data);
            }
            case RESPONSE -> new Response(identifier, EapData.parse(in));
            case SUCCESS -> {
                in.expectEnd("EAP-Success");
                yield new Success(identifier);
            }
            case FAILURE -> {
                in.expectEnd("EAP-Failure");
                yield new Failure(identifier);
            }
            default -> throw in.malformed("EAP code " + code);
        };
    }

    /**
     * Writes the packet.
     *
     * @return a new array, at most {@link #MOST} octets
     * @throws IllegalArgumentException when it is longer than that
     */
    default byte[] write() {
        var out = new ByteWriter().u8(code()).u8(identifier()).u16(0);
        switch (this) {
            case Request request -> request.data().write(out);
            case Response response -> response.data().write(out);
            case Success success -> { }
            case Failure failure -> { }
        }
        out.patch16(2, out.length());
        return out.toByteArray();
    }

    private static void requireIdentifier(int identifier) {
        if (identifier < 0 || identifier > 255) {
            throw new IllegalArgumentException("an EAP identifier is 0 to 255, not " + identifier);
        }
    }

    /**
     * What the server asks.
     *
     * @param identifier 0 to 255; differs from that of the request before
     * @param data what is asked; never a Nak
     */
    record Request(int identifier, EapData data) implements EapPacket {
        /** Checks that it can be written. */
        public Request {
            requireIdentifier(identifier);
            if (data instanceof EapData.Nak) {
                throw new IllegalArgumentException("only a response can be a Nak (RFC 3748 §5.3)");
            }
        }

        @Override
        public int code() {
            return REQUEST;
        }
    }

    /**
     * What the peer answers.
     *
     * @param identifier that of the request
     * @param data the answer, of the request's type or a Nak
     */
    record Response(int identifier, EapData data) implements EapPacket {
        /** Checks that it can be written. */
        public Response {
            requireIdentifier(identifier);
        }

        @Override
        public int code() {
            return RESPONSE;
        }
    }

    /**
     * The server is satisfied.
     *
     * @param identifier that of the last response
     */
    record Success(int identifier) implements EapPacket {
        /** Checks that it can be written. */
        public Success {
            requireIdentifier(identifier);
        }

        @Override
        public int code() {
            return SUCCESS;
        }
    }

    /**
     * The server refuses the peer.
     *
     * @param identifier that of the last response
     */
    record Failure(int identifier) implements EapPacket {
        /** Checks that it can be written. */
        public Failure {
            requireIdentifier(identifier);
        }

        @Override
        public int code() {
            return FAILURE;
        }
    }
}
