package jkipsec.ike.message;

/** Checks of what a program puts into a record, so that whatever was constructed can be written. */
final class Require {
    private Require() {}

    static void u8(String field, int value) {
        range(field, value, 0, 0xff);
    }

    static void u16(String field, int value) {
        range(field, value, 0, 0xffff);
    }

    static void range(String field, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(field + " is " + min + " to " + max + ", not " + value);
        }
    }

    static void bodyLength(String payload, long length) {
        if (length > Payload.MAX_BODY) {
            throw new IllegalArgumentException(
                    payload + " payload of " + length + " octets; the most is " + Payload.MAX_BODY);
        }
    }
}
