package jkipsec.ike;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import jkipsec.bytes.ByteWriter;
import jkipsec.bytes.Octets;
import jkipsec.crypto.CipherSuite;
import jkipsec.crypto.EncryptionAlgorithm;
import jkipsec.crypto.IntegrityAlgorithm;
import jkipsec.crypto.KeyExchangeMethod;
import jkipsec.crypto.Prf;
import jkipsec.ike.message.Proposal;
import jkipsec.ike.message.ProtocolId;
import jkipsec.ike.message.SaPayload;
import jkipsec.ike.message.Transform;
import jkipsec.ike.message.TransformType;

/**
 * Algorithm negotiation (RFC 7296 §2.7, §3.3.6): makes offers from a policy, and chooses among a peer's offers in this
 * side's order of preference, suite before key exchange method. Pure functions.
 */
final class Negotiation {
    /** No extended sequence numbers (RFC 7296 §3.3.2, transform type 5). */
    private static final int NO_ESN = 0;

    private static final Set<Integer> IKE_TYPES =
            Set.of(TransformType.ENCR, TransformType.PRF, TransformType.INTEG, TransformType.KE);
    private static final Set<Integer> ESP_TYPES =
            Set.of(TransformType.ENCR, TransformType.INTEG, TransformType.ESN, TransformType.KE);

    private Negotiation() {}

    /**
     * What was chosen for an IKE SA.
     *
     * @param suite the suite
     * @param method the key exchange method
     * @param answer the payload that says so
     */
    record ChosenIke(CipherSuite suite, KeyExchangeMethod method, SaPayload answer) {
        NegotiatedIke algorithms(Prf prf) {
            return new NegotiatedIke(suite, prf, method);
        }
    }

    /**
     * What was chosen for a Child SA.
     *
     * @param suite the suite
     * @param peerSpi the SPI under which the peer receives
     * @param proposal the peer's proposal that fits
     */
    record ChosenChild(CipherSuite suite, int peerSpi, Proposal proposal) {
        /** The payload that says so, with the SPI under which this side receives. */
        SaPayload answer(int ourSpi) {
            var transforms = new ArrayList<>(protection(suite));
            transforms.add(Transform.of(TransformType.ESN, NO_ESN));
            return new SaPayload(List.of(new Proposal(proposal.number(), ProtocolId.ESP, spi(ourSpi), transforms)));
        }
    }

    /** Offers all that a policy accepts for an IKE SA: one proposal a suite, with every key exchange method. */
    static SaPayload offerIke(IkePolicy policy) {
        var proposals = new ArrayList<Proposal>();
        for (CipherSuite suite : policy.ikeSuites()) {
            var transforms = new ArrayList<>(protection(suite));
            transforms.add(Transform.of(TransformType.PRF, policy.prf().transformId()));
            for (KeyExchangeMethod method : policy.groups()) {
                transforms.add(Transform.of(TransformType.KE, method.transformId()));
            }
            proposals.add(new Proposal(proposals.size() + 1, ProtocolId.IKE, new byte[0], transforms));
        }
        return new SaPayload(proposals);
    }

    /** Offers all that a policy accepts for a Child SA that is made in IKE_AUTH: one proposal a suite, no group. */
    static SaPayload offerChild(IkePolicy policy, int ourSpi) {
        var proposals = new ArrayList<Proposal>();
        for (CipherSuite suite : policy.espSuites()) {
            var transforms = new ArrayList<>(protection(suite));
            transforms.add(Transform.of(TransformType.ESN, NO_ESN));
            proposals.add(new Proposal(proposals.size() + 1, ProtocolId.ESP, spi(ourSpi), transforms));
        }
        return new SaPayload(proposals);
    }

    static Optional<ChosenIke> chooseIke(SaPayload offer, IkePolicy policy) {
        for (CipherSuite suite : policy.ikeSuites()) {
            for (KeyExchangeMethod method : policy.groups()) {
                for (Proposal proposal : offer.proposals()) {
                    if (fitsIke(proposal, suite, method, policy)) {
                        return Optional.of(new ChosenIke(suite, method, ikeAnswer(proposal, suite, method, policy)));
                    }
                }
            }
        }
        return Optional.empty();
    }

    static Optional<ChosenChild> chooseChild(SaPayload offer, IkePolicy policy) {
        for (CipherSuite suite : policy.espSuites()) {
            for (Proposal proposal : offer.proposals()) {
                if (fitsChild(proposal, suite)) {
                    return Optional.of(new ChosenChild(suite, Octets.i32(proposal.spi(), 0), proposal));
                }
            }
        }
        return Optional.empty();
    }

    /** Whether an answer is one proposal with one transform of each type, as §2.7 demands of whoever chooses. */
    static boolean isOneChoice(SaPayload answer) {
        if (answer.proposals().size() != 1) {
            return false;
        }
        List<Transform> transforms = answer.proposals().get(0).transforms();
        return transforms.stream().map(Transform::type).distinct().count() == transforms.size();
    }

    private static boolean fitsIke(Proposal proposal, CipherSuite suite, KeyExchangeMethod method, IkePolicy policy) {
        return proposal.protocolId() == ProtocolId.IKE
                && proposal.spi().length == 0
                && onlyTypes(proposal, IKE_TYPES)
                && protects(proposal, suite)
                && has(proposal, TransformType.PRF, policy.prf().transformId())
                && has(proposal, TransformType.KE, method.transformId());
    }

    /** A group in a proposal of IKE_AUTH has no meaning (§1.2) and is passed over. */
    private static boolean fitsChild(Proposal proposal, CipherSuite suite) {
        return proposal.protocolId() == ProtocolId.ESP
                && proposal.spi().length == 4
                && Integer.compareUnsigned(Octets.i32(proposal.spi(), 0), 255) > 0
                && onlyTypes(proposal, ESP_TYPES)
                && protects(proposal, suite)
                && has(proposal, TransformType.ESN, NO_ESN);
    }

    /** A proposal with a transform type that this side does not know is not acceptable (§3.3.6). */
    private static boolean onlyTypes(Proposal proposal, Set<Integer> known) {
        return proposal.transforms().stream().allMatch(t -> known.contains(t.type()));
    }

    private static boolean protects(Proposal proposal, CipherSuite suite) {
        boolean encrypts = proposal.transforms().stream()
                .anyMatch(t -> t.matches(TransformType.ENCR, suite.encryption().transformId(), suite.keyBits()));
        boolean namesIntegrity = proposal.transforms().stream().anyMatch(t -> t.type() == TransformType.INTEG);
        boolean authenticates = has(proposal, TransformType.INTEG, suite.integrity().transformId())
                || suite.encryption().isAead() && !namesIntegrity;
        return encrypts && authenticates;
    }

    private static boolean has(Proposal proposal, int type, int id) {
        return proposal.transforms().stream().anyMatch(t -> t.matches(type, id));
    }

    private static SaPayload ikeAnswer(
            Proposal proposal, CipherSuite suite, KeyExchangeMethod method, IkePolicy policy) {
        var transforms = new ArrayList<>(protection(suite));
        transforms.add(Transform.of(TransformType.PRF, policy.prf().transformId()));
        transforms.add(Transform.of(TransformType.KE, method.transformId()));
        return new SaPayload(List.of(new Proposal(proposal.number(), ProtocolId.IKE, new byte[0], transforms)));
    }

    private static List<Transform> protection(CipherSuite suite) {
        EncryptionAlgorithm encryption = suite.encryption();
        var encr = Transform.withKeyLength(TransformType.ENCR, encryption.transformId(), suite.keyBits());
        return suite.integrity() == IntegrityAlgorithm.NONE
                ? List.of(encr)
                : List.of(encr, Transform.of(TransformType.INTEG, suite.integrity().transformId()));
    }

    private static byte[] spi(int spi) {
        return new ByteWriter(4).i32(spi).toByteArray();
    }
}
