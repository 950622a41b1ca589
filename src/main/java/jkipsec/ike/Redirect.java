package jkipsec.ike;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import jkipsec.bytes.ByteReader;
import jkipsec.bytes.ByteWriter;
import jkipsec.bytes.MalformedMessage;
import jkipsec.ike.message.NotifyPayload;
import jkipsec.ike.message.NotifyType;
import jkipsec.ip.IpAddress;
import jkipsec.ip.Ipv4Address;

/**
 * The data of the notification REDIRECT (RFC 5685 §9.2): type of gateway identity (1 octet), its length (1 octet), the
 * identity, and in IKE_SA_INIT only the nonce of the request. REDIRECTED_FROM (§9.3) is the same without a nonce, and
 * never a name.
 *
 * @param target where the device is to go
 * @param nonce the nonce of the request; empty but in IKE_SA_INIT
 */
record Redirect(RedirectTarget target, byte[] nonce) {
    private static final int IPV4 = 1;
    private static final int IPV6 = 2;
    private static final int FQDN = 3;
    private static final int SHORTEST_NONCE = 16;
    private static final int LONGEST_NONCE = 256;
    private static final String SECTION = "RFC 5685 §9.2";

    static Redirect protectedTo(RedirectTarget target) {
        return new Redirect(target, new byte[0]);
    }

    static NotifyPayload from(IpAddress gateway) {
        return NotifyPayload.of(
                NotifyType.REDIRECTED_FROM, protectedTo(new RedirectTarget.Address(gateway)).data());
    }

    NotifyPayload notification() {
        return NotifyPayload.of(NotifyType.REDIRECT, data());
    }

    private byte[] data() {
        int type = switch (target) {
            case RedirectTarget.Name name -> FQDN;
            case RedirectTarget.Address at -> at.address() instanceof Ipv4Address ? IPV4 : IPV6;
        };
        byte[] identity = switch (target) {
            case RedirectTarget.Name name -> name.domain().getBytes(StandardCharsets.US_ASCII);
            case RedirectTarget.Address at -> at.address().toByteArray();
        };
        return new ByteWriter(2 + identity.length + nonce.length)
                .u8(type).u8(identity.length).bytes(identity).bytes(nonce).toByteArray();
    }

    static Redirect parse(byte[] data) throws MalformedMessage {
        var in = new ByteReader(data, SECTION);
        int type = in.u8("GW Ident Type");
        byte[] identity = in.bytes(in.u8("GW Ident Len"), "New Responder GW Identity");
        byte[] nonce = in.rest();
        if (nonce.length != 0 && (nonce.length < SHORTEST_NONCE || nonce.length > LONGEST_NONCE)) {
            throw in.malformed("a nonce of " + nonce.length + " octets");
        }
        RedirectTarget target = switch (type) {
            case IPV4 -> address(identity, 4, in);
            case IPV6 -> address(identity, 16, in);
            case FQDN -> name(identity, in);
            default -> throw in.malformed("a gateway identity of type " + type);
        };
        return new Redirect(target, nonce);
    }

    private static RedirectTarget address(byte[] identity, int length, ByteReader in) throws MalformedMessage {
        if (identity.length != length) {
            throw in.malformed("an address of " + identity.length + " octets");
        }
        return new RedirectTarget.Address(IpAddress.of(identity));
    }

    private static RedirectTarget name(byte[] identity, ByteReader in) throws MalformedMessage {
        String domain = new String(identity, StandardCharsets.ISO_8859_1);
        if (!RedirectTarget.Name.isValid(domain)) {
            throw in.malformed("a name that is none");
        }
        return new RedirectTarget.Name(domain);
    }

    /** The gateway that a REDIRECTED_FROM names. */
    static Optional<IpAddress> origin(NotifyPayload redirectedFrom) {
        try {
            Redirect read = parse(redirectedFrom.data());
            return read.nonce.length == 0 && read.target instanceof RedirectTarget.Address at
                    ? Optional.of(at.address())
                    : Optional.empty();
        } catch (MalformedMessage e) {
            return Optional.empty();
        }
    }
}
