package jkipsec.ike;

import java.util.List;
import java.util.Optional;
import jkipsec.crypto.KeyExchangeMethod;
import jkipsec.ike.message.IdPayload;
import jkipsec.ike.message.KePayload;
import jkipsec.ike.message.NotifyPayload;
import jkipsec.ike.message.Payload;
import jkipsec.ike.message.TrafficSelector;
import jkipsec.ike.message.TsPayload;
import jkipsec.ike.message.UnknownPayload;

/** Finds payloads in a decrypted message, in whatever order they come. */
final class Payloads {
    private Payloads() {}

    static <T extends Payload> Optional<T> first(List<Payload> payloads, Class<T> kind) {
        return payloads.stream().filter(kind::isInstance).map(kind::cast).findFirst();
    }

    /** IDi or IDr. */
    static Optional<IdPayload> id(List<Payload> payloads, boolean initiator) {
        return payloads.stream()
                .filter(IdPayload.class::isInstance)
                .map(IdPayload.class::cast)
                .filter(id -> id.initiator() == initiator)
                .findFirst();
    }

    /** The initiator's value for a key exchange; empty when there is none for this method and of its length. */
    static Optional<byte[]> publicValue(List<Payload> payloads, KeyExchangeMethod method) {
        return first(payloads, KePayload.class)
                .filter(payload -> payload.group() == method.transformId())
                .map(KePayload::data)
                .filter(data -> data.length == method.initiatorValueLength());
    }

    /** TSi or TSr; empty when there is none, or none of a type that this side knows (RFC 7296 §3.13.1). */
    static List<TrafficSelector> selectors(List<Payload> payloads, boolean initiator) {
        return ts(payloads, initiator).map(TsPayload::selectors).orElse(List.of());
    }

    /** Whether there is a TSi or TSr, whatever it selects. */
    static boolean hasSelectors(List<Payload> payloads, boolean initiator) {
        return ts(payloads, initiator).isPresent();
    }

    private static Optional<TsPayload> ts(List<Payload> payloads, boolean initiator) {
        return payloads.stream()
                .filter(TsPayload.class::isInstance)
                .map(TsPayload.class::cast)
                .filter(ts -> ts.initiator() == initiator)
                .findFirst();
    }

    static Optional<NotifyPayload> notify(List<Payload> payloads, int type) {
        return payloads.stream()
                .filter(NotifyPayload.class::isInstance)
                .map(NotifyPayload.class::cast)
                .filter(notify -> notify.type() == type)
                .findFirst();
    }

    static Optional<NotifyPayload> firstError(List<Payload> payloads) {
        return payloads.stream()
                .filter(NotifyPayload.class::isInstance)
                .map(NotifyPayload.class::cast)
                .filter(NotifyPayload::isError)
                .findFirst();
    }

    /** A payload that this side does not know and may not pass over (RFC 7296 §2.5). */
    static Optional<UnknownPayload> criticalUnknown(List<Payload> payloads) {
        return first(payloads.stream().filter(Payload::critical).toList(), UnknownPayload.class);
    }
}
