package jkipsec.eap;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import jkipsec.bytes.ByteReader;
import jkipsec.bytes.ByteWriter;
import jkipsec.bytes.MalformedMessage;

/** What an EAP request or response is about: its Type and Type-Data fields (RFC 3748 §5). Immutable. */
public sealed interface EapData {
    /** Octets an identity or a notification may have: enough for any network access identifier (RFC 7542 §2.3). */
    int MOST_TEXT = 1024;

    /**
     * The Type field.
     *
     * @return 1 to 255, such as those of {@link EapType}
     */
    int type();

    /** Appends the Type-Data field. */
    private void writeTo(ByteWriter out) {
        switch (this) {
            case Identity identity -> out.bytes(Text.encode("the identity", identity.name()));
            case Notification notification -> out.bytes(Text.encode("the notification", notification.message()));
            case Nak nak -> nak.wanted().forEach(out::u8);
            case Method method -> out.bytes(method.data);
        }
    }

    /**
     * Writes both fields.
     *
     * @param out where they go
     */
    default void write(ByteWriter out) {
        out.u8(type());
        writeTo(out);
    }

    /**
     * Reads both fields, to the end.
     *
     * @param in where they are
     * @return what they say
     * @throws MalformedMessage when they break RFC 3748 §5
     */
    static EapData parse(ByteReader in) throws MalformedMessage {
        int type = in.u8("EAP type");
        return switch (type) {
            case 0 -> throw in.malformed("EAP type 0");
            case EapType.IDENTITY -> new Identity(Text.rest(in, "identity", MOST_TEXT));
            case EapType.NOTIFICATION -> new Notification(Text.rest(in, "notification", MOST_TEXT));
            case EapType.NAK -> {
                var wanted = new ArrayList<Integer>();
                while (in.hasRemaining()) {
                    wanted.add(in.u8("wanted type"));
                }
                yield new Nak(wanted);
            }
            default -> new Method(type, in.rest());
        };
    }

    /**
     * Who the peer is; in a request, a text to prompt for it (RFC 3748 §5.1).
     *
     * @param name the name, at most {@link #MOST_TEXT} octets of UTF-8; empty in most requests
     */
    record Identity(String name) implements EapData {
        /** Checks that it can be written. */
        public Identity {
            Text.require("an EAP identity", name, MOST_TEXT);
        }

        @Override
        public int type() {
            return EapType.IDENTITY;
        }
    }

    /**
     * Text for the user, acknowledged by an empty one (RFC 3748 §5.2).
     *
     * @param message the text, at most {@link #MOST_TEXT} octets of UTF-8; empty in responses
     */
    record Notification(String message) implements EapData {
        /** Checks that it can be written. */
        public Notification {
            Text.require("an EAP notification", message, MOST_TEXT);
        }

        @Override
        public int type() {
            return EapType.NOTIFICATION;
        }
    }

    /**
     * The refusal of a request's type; only in responses (RFC 3748 §5.3.1).
     *
     * @param wanted the types that would do, each 0 to 255; 0 says that none would
     */
    record Nak(List<Integer> wanted) implements EapData {
        /** Checks and copies. */
        public Nak {
            wanted = List.copyOf(wanted);
            for (int type : wanted) {
                if (type < 0 || type > 255) {
                    throw new IllegalArgumentException("an EAP type is 0 to 255, not " + type);
                }
            }
        }

        @Override
        public int type() {
            return EapType.NAK;
        }
    }

    /**
     * Data of an authentication method, not looked into.
     *
     * @param type the method, 4 to 255
     * @param data the Type-Data field
     */
    record Method(int type, byte[] data) implements EapData {
        /** Checks and copies. */
        public Method {
            if (type <= EapType.NAK || type > 255) {
                throw new IllegalArgumentException("an EAP method's type is 4 to 255, not " + type);
            }
            data = data.clone();
        }

        /**
         * The Type-Data field.
         *
         * @return a copy
         */
        @Override
        public byte[] data() {
            return data.clone();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Method that && type == that.type && Arrays.equals(data, that.data);
        }

        @Override
        public int hashCode() {
            return 31 * type + Arrays.hashCode(data);
        }

        @Override
        public String toString() {
            return "Method[type=" + type + ", " + data.length + " octets]";
        }
    }
}
