package jkipsec.ike;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
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
import jkipsec.ike.message.TransformId;
import jkipsec.ike.message.TransformType;

/**
 * Algorithm negotiation (RFC 7296 §2.7, §3.3.6, RFC 9370 §2.2.1): makes offers from a policy, and chooses among a peer's
 * offers in this side's order of preference: proposal before key exchange method before PRF. Pure functions.
 */
final class Negotiation {
    /** The key exchange method NONE (transform type 4). */
    private static final int NO_KEY_EXCHANGE = 0;

    private static final Set<Integer> IKE_TYPES =
            Set.of(TransformType.ENCR, TransformType.PRF, TransformType.INTEG, TransformType.KE);
    private static final Set<Integer> ESP_TYPES =
            Set.of(TransformType.ENCR, TransformType.INTEG, TransformType.ESN, TransformType.KE);

    private Negotiation() {}

    /**
     * What was chosen for an IKE SA.
     *
     * @param algorithms the algorithms
     * @param proposal the peer's proposal that fits
     */
    record ChosenIke(NegotiatedIke algorithms, Proposal proposal) {
        CipherSuite suite() {
            return algorithms.suite();
        }

        KeyExchangeMethod method() {
            return algorithms.method();
        }

        /** The SPI in the proposal: the peer's, of an IKE SA that replaces another. */
        long peerSpi() {
            return Octets.i64(proposal.spi(), 0);
        }

        /** The payload that says so for a first IKE SA. */
        SaPayload answer() {
            return answer(new byte[0]);
        }

        /** The payload that says so for an IKE SA that replaces another. */
        SaPayload answer(long ourSpi) {
            return answer(spi(ourSpi));
        }

        private SaPayload answer(byte[] spi) {
            return new SaPayload(List.of(
                    new Proposal(proposal.number(), ProtocolId.IKE, spi, withNone(ikeTransforms(algorithms), proposal))));
        }

    }

    /** An additional key exchange that was offered and is left out is answered with NONE (RFC 9370 §2.2.1). */
    private static List<Transform> withNone(List<Transform> chosen, Proposal offered) {
        var transforms = new ArrayList<>(chosen);
        offered.transforms().stream()
                .map(Transform::type)
                .distinct()
                .filter(type -> chosen.stream().noneMatch(transform -> transform.type() == type))
                .filter(Negotiation::isAdditional)
                .forEach(type -> transforms.add(Transform.of(type, NO_KEY_EXCHANGE)));
        return transforms;
    }

    /**
     * What was chosen for a Child SA.
     *
     * @param algorithms the algorithms
     * @param peerSpi the SPI under which the peer receives
     * @param proposal the peer's proposal that fits
     */
    record ChosenChild(NegotiatedChild algorithms, int peerSpi, Proposal proposal) {
        Optional<KeyExchanges> keyExchanges() {
            return algorithms.keyExchanges();
        }

        /** The payload that says so, with the SPI under which this side receives. */
        SaPayload answer(int ourSpi) {
            List<Transform> transforms = childTransforms(algorithms);
            // In IKE_AUTH key exchanges have no meaning, and nothing is said about them (§1.2).
            return new SaPayload(List.of(new Proposal(proposal.number(), ProtocolId.ESP, spi(ourSpi),
                    keyExchanges().isPresent() ? withNone(transforms, proposal) : transforms)));
        }
    }

    /** Offers all that a policy accepts for an IKE SA. */
    static SaPayload offerIke(IkePolicy policy) {
        var proposals = new ArrayList<Proposal>();
        for (IkeProposal ours : policy.ikeProposals()) {
            var transforms = new ArrayList<>(protection(ours.suite()));
            for (Prf prf : ours.prfs()) {
                transforms.add(Transform.of(TransformType.PRF, prf.transformId()));
            }
            for (KeyExchangeMethod method : ours.groups()) {
                transforms.add(Transform.of(TransformType.KE, method.transformId()));
            }
            ours.additional().forEach(additional -> transforms.addAll(transforms(additional)));
            proposals.add(new Proposal(proposals.size() + 1, ProtocolId.IKE, new byte[0], transforms));
        }
        return new SaPayload(proposals);
    }

    /** Offers certain algorithms, the preferred ones first, for an IKE SA that replaces another (RFC 7296 §2.18). */
    static SaPayload offerIkeAgain(List<NegotiatedIke> same, long ourSpi) {
        var proposals = new ArrayList<Proposal>();
        same.forEach(algorithms -> proposals.add(new Proposal(
                proposals.size() + 1, ProtocolId.IKE, spi(ourSpi), ikeTransforms(algorithms))));
        return new SaPayload(proposals);
    }

    /** Offers what a policy accepts for a first Child SA, one proposal a suite, without a key exchange (§1.2). */
    static SaPayload offerFirstChild(IkePolicy policy, int ourSpi) {
        var proposals = new ArrayList<Proposal>();
        for (CipherSuite suite : policy.espSuites()) {
            var transforms = new ArrayList<>(protection(suite));
            policy.children().sequenceNumbers().choices().forEach(extended -> transforms.add(sequence(extended)));
            proposals.add(new Proposal(proposals.size() + 1, ProtocolId.ESP, spi(ourSpi), transforms));
        }
        return new SaPayload(proposals);
    }

    /** Offers certain algorithms, the preferred ones first, for a Child SA that replaces another. */
    static SaPayload offerChildAgain(List<NegotiatedChild> same, int ourSpi) {
        var proposals = new ArrayList<Proposal>();
        same.forEach(algorithms -> proposals.add(new Proposal(
                proposals.size() + 1, ProtocolId.ESP, spi(ourSpi), childTransforms(algorithms))));
        return new SaPayload(proposals);
    }

    private static List<Transform> transforms(AdditionalKeyExchange additional) {
        int type = AdditionalKeyExchange.transformType(additional.number());
        var transforms = new ArrayList<Transform>();
        additional.methods().forEach(method -> transforms.add(Transform.of(type, method.transformId())));
        if (additional.optional()) {
            transforms.add(Transform.of(type, NO_KEY_EXCHANGE));
        }
        return transforms;
    }

    /** Chooses for a first IKE SA, whose SPIs are in the headers. */
    static Optional<ChosenIke> chooseIke(SaPayload offer, IkePolicy policy) {
        return chooseIke(offer, policy.ikeProposals(), 0);
    }

    /** The same with a peer that does not know the exchange in which additional key exchanges are done. */
    static Optional<ChosenIke> chooseIkeWithoutIntermediate(SaPayload offer, IkePolicy policy) {
        return chooseIke(offer, withoutAdditional(policy), 0);
    }

    private static List<IkeProposal> withoutAdditional(IkePolicy policy) {
        return policy.ikeProposals().stream()
                .filter(ours -> ours.additional().stream().allMatch(AdditionalKeyExchange::optional))
                .map(ours -> new IkeProposal(ours.suite(), ours.prfs(), ours.groups()))
                .toList();
    }

    /** Chooses for an IKE SA that replaces another: its SPIs, of eight octets, are in the proposals (§3.3.1). */
    static Optional<ChosenIke> chooseIkeAgain(SaPayload offer, IkePolicy policy) {
        return chooseIke(offer, policy.ikeProposals(), Long.BYTES).filter(chosen -> chosen.peerSpi() != 0);
    }

    private static Optional<ChosenIke> chooseIke(SaPayload offer, List<IkeProposal> policy, int spiLength) {
        List<Proposal> theirs = offer.proposals().stream()
                .filter(proposal -> proposal.spi().length == spiLength)
                .toList();
        return policy.stream().flatMap(ours -> chooseIke(theirs, ours).stream()).findFirst();
    }

    private static Optional<ChosenIke> chooseIke(List<Proposal> offered, IkeProposal ours) {
        for (KeyExchangeMethod method : ours.groups()) {
            for (Prf prf : ours.prfs()) {
                var wanted = new NegotiatedIke(ours.suite(), prf, method);
                for (Proposal proposal : offered) {
                    Optional<SortedMap<Integer, KeyExchangeMethod>> additional = fitsIke(proposal, wanted)
                            ? additional(proposal, ours.additional())
                            : Optional.empty();
                    if (additional.isPresent()) {
                        var all = new KeyExchanges(method, additional.get());
                        return Optional.of(new ChosenIke(new NegotiatedIke(ours.suite(), prf, all), proposal));
                    }
                }
            }
        }
        return Optional.empty();
    }

    /**
     * The additional key exchanges of a proposal by number, perhaps none: no method twice (RFC 9370 §2.2.1). Nothing
     * when what one side demands the other has not.
     */
    private static Optional<SortedMap<Integer, KeyExchangeMethod>> additional(
            Proposal proposal, List<AdditionalKeyExchange> ours) {
        var chosen = new TreeMap<Integer, KeyExchangeMethod>();
        return completes(1, chosen, proposal, ours) ? Optional.of(chosen) : Optional.empty();
    }

    /** Chooses from one number on; a method is given up again when that leaves none for a later number. */
    private static boolean completes(int number, SortedMap<Integer, KeyExchangeMethod> chosen, Proposal proposal,
            List<AdditionalKeyExchange> ours) {
        if (number > AdditionalKeyExchange.MOST) {
            return true;
        }
        int type = AdditionalKeyExchange.transformType(number);
        Optional<AdditionalKeyExchange> own = ours.stream().filter(one -> one.number() == number).findFirst();
        for (KeyExchangeMethod method : own.map(AdditionalKeyExchange::methods).orElse(List.of())) {
            if (has(proposal, type, method.transformId()) && !chosen.containsValue(method)) {
                chosen.put(number, method);
                if (completes(number + 1, chosen, proposal, ours)) {
                    return true;
                }
                chosen.remove(number);
            }
        }
        boolean peerDemands = proposal.transforms().stream().anyMatch(t -> t.type() == type)
                && !has(proposal, type, NO_KEY_EXCHANGE);
        boolean weDemand = own.isPresent() && !own.get().optional();
        return !peerDemands && !weDemand && completes(number + 1, chosen, proposal, ours);
    }

    /** Chooses for the Child SA of IKE_AUTH, which has no key exchange of its own: a group has no meaning there (§1.2). */
    static Optional<ChosenChild> chooseFirstChild(SaPayload offer, IkePolicy policy) {
        return chooseChild(offer, policy, proposal -> Optional.of(Optional.empty()));
    }

    /** Chooses for a Child SA of CREATE_CHILD_SA: with a key exchange when the proposal, or policy, demands one. */
    static Optional<ChosenChild> chooseChild(SaPayload offer, IkePolicy policy) {
        return chooseChild(offer, policy, proposal -> keyExchanges(proposal, policy));
    }

    private static Optional<ChosenChild> chooseChild(
            SaPayload offer,
            IkePolicy policy,
            Function<Proposal, Optional<Optional<KeyExchanges>>> keyExchangesOf) {
        for (CipherSuite suite : policy.espSuites()) {
            for (Proposal proposal : offer.proposals()) {
                Optional<Optional<KeyExchanges>> keyExchanges = keyExchangesOf.apply(proposal);
                Optional<Boolean> extended = extended(proposal, policy.children().sequenceNumbers());
                if (keyExchanges.isPresent() && extended.isPresent() && fitsChild(proposal, suite)) {
                    int peerSpi = Octets.i32(proposal.spi(), 0);
                    var algorithms = new NegotiatedChild(suite, keyExchanges.get(), extended.get());
                    return Optional.of(new ChosenChild(algorithms, peerSpi, proposal));
                }
            }
        }
        return Optional.empty();
    }

    /** Whether sequence numbers are extended: as the first of the proposal's transforms that policy accepts says. */
    private static Optional<Boolean> extended(Proposal proposal, ChildPolicy.SequenceNumbers accepted) {
        return proposal.transforms().stream()
                .flatMap(transform -> accepted.choices().stream()
                        .filter(extended -> transform.equals(sequence(extended))))
                .findFirst();
    }

    /** The key exchanges that a proposal gets, perhaps none; nothing when it demands one that policy has not. */
    private static Optional<Optional<KeyExchanges>> keyExchanges(Proposal proposal, IkePolicy policy) {
        Optional<KeyExchangeMethod> common = policy.groups().stream()
                .filter(method -> has(proposal, TransformType.KE, method.transformId()))
                .findFirst();
        boolean optional = policy.children().pfs() != ChildPolicy.Pfs.REQUIRED
                && (proposal.transforms().stream().noneMatch(t -> t.type() == TransformType.KE)
                        || has(proposal, TransformType.KE, NO_KEY_EXCHANGE));
        if (common.isPresent()) {
            return policy.additional().stream()
                    .flatMap(ours -> additional(proposal, ours).stream())
                    .map(chosen -> Optional.of(new KeyExchanges(common.get(), chosen)))
                    .findFirst();
        }
        // Additional ones follow a first one, or do not take place.
        return optional && additional(proposal, List.of()).isPresent() ? Optional.of(Optional.empty()) : Optional.empty();
    }

    /** Whether an answer is one proposal with one transform of each type, as §2.7 demands of whoever chooses. */
    static boolean isOneChoice(SaPayload answer) {
        if (answer.proposals().size() != 1) {
            return false;
        }
        List<Transform> transforms = answer.proposals().get(0).transforms();
        return transforms.stream().map(Transform::type).distinct().count() == transforms.size();
    }

    private static boolean fitsIke(Proposal proposal, NegotiatedIke wanted) {
        return proposal.protocolId() == ProtocolId.IKE
                && onlyTypes(proposal, IKE_TYPES)
                && protects(proposal, wanted.suite())
                && has(proposal, TransformType.PRF, wanted.prf().transformId())
                && has(proposal, TransformType.KE, wanted.method().transformId());
    }

    private static boolean fitsChild(Proposal proposal, CipherSuite suite) {
        return proposal.protocolId() == ProtocolId.ESP
                && proposal.spi().length == 4
                && Integer.compareUnsigned(Octets.i32(proposal.spi(), 0), 255) > 0
                && onlyTypes(proposal, ESP_TYPES)
                && protects(proposal, suite);
    }

    /** A proposal with a transform type that this side does not know is not acceptable (§3.3.6). */
    private static boolean onlyTypes(Proposal proposal, Set<Integer> known) {
        return proposal.transforms().stream().allMatch(t -> known.contains(t.type()) || isAdditional(t.type()));
    }

    private static boolean isAdditional(int transformType) {
        return transformType >= TransformType.ADDITIONAL_KE_1 && transformType <= TransformType.ADDITIONAL_KE_7;
    }

    private static boolean protects(Proposal proposal, CipherSuite suite) {
        boolean encrypts = proposal.transforms().stream()
                .anyMatch(t -> t.equals(encryption(suite)));
        boolean namesIntegrity = proposal.transforms().stream().anyMatch(t -> t.type() == TransformType.INTEG);
        boolean authenticates = has(proposal, TransformType.INTEG, suite.integrity().transformId())
                || suite.encryption().isAead() && !namesIntegrity;
        return encrypts && authenticates;
    }

    private static boolean has(Proposal proposal, int type, int id) {
        return proposal.transforms().stream().anyMatch(t -> t.matches(type, id));
    }

    private static List<Transform> ikeTransforms(NegotiatedIke algorithms) {
        var transforms = new ArrayList<>(protection(algorithms.suite()));
        transforms.add(Transform.of(TransformType.PRF, algorithms.prf().transformId()));
        transforms.addAll(keyExchanges(algorithms.keyExchanges()));
        return transforms;
    }

    private static List<Transform> childTransforms(NegotiatedChild algorithms) {
        var transforms = new ArrayList<>(protection(algorithms.suite()));
        algorithms.keyExchanges().ifPresent(all -> transforms.addAll(keyExchanges(all)));
        transforms.add(sequence(algorithms.extended()));
        return transforms;
    }

    private static List<Transform> keyExchanges(KeyExchanges chosen) {
        var transforms = new ArrayList<Transform>();
        transforms.add(Transform.of(TransformType.KE, chosen.first().transformId()));
        chosen.additional().forEach((number, method) ->
                transforms.add(Transform.of(AdditionalKeyExchange.transformType(number), method.transformId())));
        return transforms;
    }

    /** Transform type 5 (§3.3.2). */
    private static Transform sequence(boolean extended) {
        return Transform.of(TransformType.ESN, extended ? TransformId.ESN : TransformId.NO_ESN);
    }

    private static List<Transform> protection(CipherSuite suite) {
        return suite.integrity() == IntegrityAlgorithm.NONE
                ? List.of(encryption(suite))
                : List.of(encryption(suite), Transform.of(TransformType.INTEG, suite.integrity().transformId()));
    }

    /** With the key length, unless the algorithm knows one alone: then an attribute makes another transform of it (§3.3.5). */
    private static Transform encryption(CipherSuite suite) {
        EncryptionAlgorithm algorithm = suite.encryption();
        return algorithm.hasKeyLengthAttribute()
                ? Transform.withKeyLength(TransformType.ENCR, algorithm.transformId(), suite.keyBits())
                : Transform.of(TransformType.ENCR, algorithm.transformId());
    }

    private static byte[] spi(long spi) {
        return new ByteWriter(8).i64(spi).toByteArray();
    }

    private static byte[] spi(int spi) {
        return new ByteWriter(4).i32(spi).toByteArray();
    }
}
