package jkipsec.ike.message;

import java.util.Arrays;
import jkipsec.bytes.ByteReader;
import jkipsec.bytes.ByteWriter;

/**
 * Vendor ID: announces a private extension (RFC 7296 §3.12).
 *
 * @param vendorId what the vendor chose
 */
public record VendorIdPayload(byte[] vendorId) implements Payload {
    /** Checks that it fits its payload. */
    public VendorIdPayload {
        Require.bodyLength("Vendor ID", vendorId.length);
        vendorId = vendorId.clone();
    }

    static VendorIdPayload parse(ByteReader body) {
        return new VendorIdPayload(body.rest());
    }

    /**
     * What the vendor chose.
     *
     * @return a copy
     */
    @Override
    public byte[] vendorId() {
        return vendorId.clone();
    }

    @Override
    public int payloadType() {
        return PayloadType.VENDOR_ID;
    }

    @Override
    public int bodyLength() {
        return vendorId.length;
    }

    @Override
    public void writeBody(ByteWriter out) {
        out.bytes(vendorId);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VendorIdPayload that && Arrays.equals(vendorId, that.vendorId);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(vendorId);
    }

    @Override
    public String toString() {
        return "V " + Printable.text(vendorId);
    }
}
