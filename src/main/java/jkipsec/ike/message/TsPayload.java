package jkipsec.ike.message;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import jkipsec.bytes.ByteReader;
import jkipsec.bytes.ByteWriter;
import jkipsec.bytes.MalformedMessage;

/**
 * Traffic Selectors: which packets one end of a Child SA sends or receives (RFC 7296 §3.13). A packet matches when it
 * matches any of them.
 *
 * @param initiator whose end: true in TSi, false in TSr
 * @param selectors up to 255; empty only when a peer sent none of a type known here, since others are passed over in
 *     parsing (RFC 7296 §2.9)
 */
public record TsPayload(boolean initiator, List<TrafficSelector> selectors) implements Payload {
    private static final int FIXED = 4;

    /** Checks that it fits its payload. */
    public TsPayload {
        selectors = List.copyOf(selectors);
        Require.u8("number of traffic selectors", selectors.size());
    }

    static TsPayload parse(boolean initiator, ByteReader body) throws MalformedMessage {
        int count = body.u8("number of traffic selectors");
        body.skip(3, "reserved");
        var selectors = new ArrayList<TrafficSelector>();
        for (int i = 0; i < count; i++) {
            TrafficSelector.parse(body).ifPresent(selectors::add);
        }
        return new TsPayload(initiator, selectors);
    }

    @Override
    public int payloadType() {
        return initiator ? PayloadType.TSI : PayloadType.TSR;
    }

    @Override
    public int bodyLength() {
        return FIXED + selectors.stream().mapToInt(TrafficSelector::length).sum();
    }

    @Override
    public void writeBody(ByteWriter out) {
        out.u8(selectors.size()).zeros(3);
        selectors.forEach(selector -> selector.write(out));
    }

    @Override
    public String toString() {
        return PayloadType.nameOf(payloadType()) + " "
                + selectors.stream().map(TrafficSelector::toString).collect(Collectors.joining(" "));
    }
}
