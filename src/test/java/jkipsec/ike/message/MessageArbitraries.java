package jkipsec.ike.message;

import java.util.ArrayList;
import java.util.List;
import jkipsec.ip.IpAddress;
import jkipsec.ip.IpArbitraries;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Random payloads and messages for property tests, of this package's users too. Sizes are as in real messages. */
public final class MessageArbitraries {
    private MessageArbitraries() {}

    /** Any message, an Encrypted payload at the end of some. */
    public static Arbitrary<IkeMessage> message() {
        Arbitrary<List<Payload>> encrypted = Arbitraries.<Payload>oneOf(sk(), skf()).list().ofMaxSize(1);
        Arbitrary<List<Payload>> payloads = Combinators.combine(chain(), encrypted).as((clear, end) -> {
            var all = new ArrayList<Payload>(clear);
            all.addAll(end);
            return all;
        });
        return Combinators.combine(header(), payloads).as(IkeMessage::new);
    }

    /** Any header. */
    public static Arbitrary<IkeHeader> header() {
        return Combinators.combine(Arbitraries.longs(), Arbitraries.longs(), u8(), Arbitraries.of(true, false),
                Arbitraries.of(true, false), Arbitraries.integers()).as(IkeHeader::new);
    }

    /** A chain as it may be inside an Encrypted payload. */
    public static Arbitrary<List<Payload>> chain() {
        return payload().list().ofMaxSize(8);
    }

    /** Any payload but the Encrypted ones. */
    public static Arbitrary<Payload> payload() {
        return Arbitraries.oneOf(sa(), ke(), id(), cert(), certReq(), auth(), nonce(), notification(), delete(),
                vendorId(), ts(), config(), eap(), unknown());
    }

    /** Any SA payload, unknown transforms and attributes included. */
    public static Arbitrary<SaPayload> sa() {
        return proposal().list().ofMinSize(1).ofMaxSize(4).map(SaPayload::new);
    }

    /** Any proposal. */
    public static Arbitrary<Proposal> proposal() {
        return Combinators.combine(u8(), u8(), octets(0, 9), transform().list().ofMaxSize(5)).as(Proposal::new);
    }

    /** Any transform. */
    public static Arbitrary<Transform> transform() {
        Arbitrary<Integer> types = Arbitraries.oneOf(Arbitraries.integers().between(1, 5), u8());
        return Combinators.combine(types, u16(), attribute().list().ofMaxSize(2)).as(Transform::new);
    }

    /** Any transform attribute, key lengths often. */
    public static Arbitrary<TransformAttribute> attribute() {
        Arbitrary<Integer> type = Arbitraries.integers().between(0, 0x7fff);
        return Arbitraries.oneOf(
                Arbitraries.of(128, 192, 256).map(TransformAttribute::keyLength),
                Combinators.combine(type, octets(2, 2)).as((t, v) -> new TransformAttribute(t, true, v)),
                Combinators.combine(type, octets(0, 9)).as((t, v) -> new TransformAttribute(t, false, v)));
    }

    /** Any KE payload. */
    public static Arbitrary<KePayload> ke() {
        return Combinators.combine(u16(), octets(0, 64)).as(KePayload::new);
    }

    /** Any Identification payload. */
    public static Arbitrary<IdPayload> id() {
        return Combinators.combine(Arbitraries.of(true, false), u8(), octets(0, 30)).as(IdPayload::new);
    }

    /** Any CERT payload. */
    public static Arbitrary<CertPayload> cert() {
        return Combinators.combine(u8(), octets(0, 60)).as(CertPayload::new);
    }

    /** Any CERTREQ payload. */
    public static Arbitrary<CertReqPayload> certReq() {
        return Combinators.combine(u8(), octets(0, 60)).as(CertReqPayload::new);
    }

    /** Any AUTH payload. */
    public static Arbitrary<AuthPayload> auth() {
        return Combinators.combine(u8(), octets(0, 40)).as(AuthPayload::new);
    }

    /** Any nonce. */
    public static Arbitrary<NoncePayload> nonce() {
        return octets(NoncePayload.MIN_LENGTH, NoncePayload.MAX_LENGTH).map(NoncePayload::new);
    }

    /** Any Notify payload. */
    public static Arbitrary<NotifyPayload> notification() {
        return Combinators.combine(u8(), octets(0, 8), u16(), octets(0, 30)).as(NotifyPayload::new);
    }

    /** Any Delete payload. */
    public static Arbitrary<DeletePayload> delete() {
        Arbitrary<DeletePayload> childSas = Combinators.combine(
                        u8().filter(id -> id != ProtocolId.IKE), Arbitraries.integers().list().ofMaxSize(4))
                .as(DeletePayload::new);
        return Arbitraries.oneOf(Arbitraries.just(DeletePayload.ikeSa()), childSas);
    }

    /** Any Vendor ID. */
    public static Arbitrary<VendorIdPayload> vendorId() {
        return octets(0, 30).map(VendorIdPayload::new);
    }

    /** Any TSi or TSr payload. */
    public static Arbitrary<TsPayload> ts() {
        return Combinators.combine(Arbitraries.of(true, false), selector().list().ofMaxSize(4)).as(TsPayload::new);
    }

    /** Any traffic selector, wide and OPAQUE ones often. */
    public static Arbitrary<TrafficSelector> selector() {
        Arbitrary<int[]> ports = Arbitraries.oneOf(
                Arbitraries.of(List.of(new int[] {0, 0xffff}, new int[] {0xffff, 0}, new int[] {0, 0})),
                Combinators.combine(u16(), u16()).as((a, b) -> new int[] {Math.min(a, b), Math.max(a, b)}));
        Arbitrary<Integer> protocols = Arbitraries.oneOf(Arbitraries.of(0, 6, 17), u8());
        return Combinators.combine(protocols, ports, range()).as((protocol, port, range) ->
                new TrafficSelector(protocol, port[0], port[1], range[0], range[1]));
    }

    private static Arbitrary<IpAddress[]> range() {
        Arbitrary<IpAddress[]> between = Arbitraries.of(true, false).flatMap(v4 -> {
            Arbitrary<? extends IpAddress> address = v4 ? IpArbitraries.ipv4() : IpArbitraries.ipv6();
            return Combinators.combine(address, address).as((a, b) ->
                    a.compareTo(b) <= 0 ? new IpAddress[] {a, b} : new IpAddress[] {b, a});
        });
        Arbitrary<IpAddress[]> block =
                IpArbitraries.prefix().map(prefix -> new IpAddress[] {prefix.first(), prefix.last()});
        return Arbitraries.oneOf(block, between);
    }

    /** Any Configuration payload. */
    public static Arbitrary<ConfigPayload> config() {
        Arbitrary<Integer> type = Arbitraries.oneOf(
                Arbitraries.integers().between(1, 30), Arbitraries.integers().between(0, 0x7fff));
        Arbitrary<ConfigAttribute> attribute =
                Combinators.combine(type, octets(0, 20)).as(ConfigAttribute::new);
        return Combinators.combine(u8(), attribute.list().ofMaxSize(6)).as(ConfigPayload::new);
    }

    /** Any EAP payload. */
    public static Arbitrary<EapPayload> eap() {
        return octets(0, 30).map(EapPayload::new);
    }

    /** Any payload of a type not known here. */
    public static Arbitrary<UnknownPayload> unknown() {
        Arbitrary<Integer> type = Arbitraries.integers().between(1, 0xff).filter(t -> !PayloadType.isKnown(t));
        return Combinators.combine(type, Arbitraries.of(true, false), octets(0, 30)).as(UnknownPayload::new);
    }

    /** Any Encrypted payload, closed. */
    public static Arbitrary<EncryptedPayload> sk() {
        return Combinators.combine(u8(), octets(0, 80)).as(EncryptedPayload::new);
    }

    /** Any Encrypted Fragment payload, closed. */
    public static Arbitrary<EncryptedFragmentPayload> skf() {
        Arbitrary<Integer> positive = Arbitraries.integers().between(1, 0xffff);
        return Combinators.combine(u8(), positive, positive, octets(0, 80)).as((first, a, b, body) ->
                new EncryptedFragmentPayload(first, Math.min(a, b), Math.max(a, b), body));
    }

    private static Arbitrary<byte[]> octets(int min, int max) {
        return Arbitraries.bytes().array(byte[].class).ofMinSize(min).ofMaxSize(max);
    }

    private static Arbitrary<Integer> u8() {
        return Arbitraries.integers().between(0, 0xff);
    }

    private static Arbitrary<Integer> u16() {
        return Arbitraries.integers().between(0, 0xffff);
    }
}
