package jkipsec.sim;

import java.util.ArrayList;
import java.util.List;
import jkipsec.bytes.ByteWriter;
import jkipsec.ike.message.Proposal;
import jkipsec.ike.message.ProtocolId;
import jkipsec.ike.message.SaPayload;
import jkipsec.ike.message.Transform;
import jkipsec.ike.message.TransformId;
import jkipsec.ike.message.TransformType;

/** SA payloads as other implementations write them, good and bad. */
public final class Offers {
    public static final int ECP_256 = 19;
    public static final int MODP_2048 = 14;

    public static final Transform GCM_256 =
            Transform.withKeyLength(TransformType.ENCR, TransformId.ENCR_AES_GCM_16, 256);
    public static final Transform CBC_256 = Transform.withKeyLength(TransformType.ENCR, TransformId.ENCR_AES_CBC, 256);
    public static final Transform SHA_256_128 = Transform.of(TransformType.INTEG, 12);
    public static final Transform PRF_SHA_256 = Transform.of(TransformType.PRF, TransformId.PRF_HMAC_SHA2_256);
    public static final Transform NO_ESN = Transform.of(TransformType.ESN, 0);
    public static final Transform ESN = Transform.of(TransformType.ESN, 1);

    private Offers() {}

    public static Transform group(int id) {
        return Transform.of(TransformType.KE, id);
    }

    public static Proposal ike(int number, Transform... transforms) {
        return new Proposal(number, ProtocolId.IKE, new byte[0], List.of(transforms));
    }

    public static Proposal esp(int number, int spi, Transform... transforms) {
        return new Proposal(number, ProtocolId.ESP, new ByteWriter().i32(spi).toByteArray(), List.of(transforms));
    }

    /** One proposal for AES-GCM with a group. */
    public static SaPayload gcm(int group) {
        return new SaPayload(List.of(ike(1, GCM_256, PRF_SHA_256, group(group))));
    }

    public static SaPayload espGcm(int spi) {
        return new SaPayload(List.of(esp(1, spi, GCM_256, NO_ESN)));
    }

    public static SaPayload espCbc(int spi) {
        return new SaPayload(List.of(esp(1, spi, CBC_256, SHA_256_128, NO_ESN)));
    }

    /** The same proposal with one more transform. */
    public static Proposal with(Proposal proposal, Transform extra) {
        var transforms = new ArrayList<>(proposal.transforms());
        transforms.add(extra);
        return new Proposal(proposal.number(), proposal.protocolId(), proposal.spi(), transforms);
    }
}
