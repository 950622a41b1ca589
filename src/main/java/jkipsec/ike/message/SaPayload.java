package jkipsec.ike.message;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import jkipsec.bytes.ByteReader;
import jkipsec.bytes.ByteWriter;
import jkipsec.bytes.MalformedMessage;

/**
 * Security Association: what is offered, or what was chosen (RFC 7296 §3.3).
 *
 * @param proposals the alternatives in the sender's order of preference, at least one
 */
public record SaPayload(List<Proposal> proposals) implements Payload {
    /** Checks that there is a proposal and that all fit the payload. */
    public SaPayload {
        proposals = List.copyOf(proposals);
        if (proposals.isEmpty()) {
            throw new IllegalArgumentException("an SA payload needs a proposal");
        }
        Require.bodyLength("SA", proposals.stream().mapToLong(Proposal::length).sum());
    }

    static SaPayload parse(ByteReader body) throws MalformedMessage {
        var proposals = new ArrayList<Proposal>();
        do {
            proposals.add(Proposal.parse(body));
        } while (body.hasRemaining());
        return new SaPayload(proposals);
    }

    @Override
    public int payloadType() {
        return PayloadType.SA;
    }

    @Override
    public int bodyLength() {
        return proposals.stream().mapToInt(Proposal::length).sum();
    }

    @Override
    public void writeBody(ByteWriter out) {
        for (int i = 0; i < proposals.size(); i++) {
            proposals.get(i).write(out, i == proposals.size() - 1);
        }
    }

    @Override
    public String toString() {
        return "SA " + proposals.stream().map(Proposal::toString).collect(Collectors.joining(" | "));
    }
}
