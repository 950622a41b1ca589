package jkipsec.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import jkipsec.crypto.CipherSuite;
import jkipsec.crypto.KeyExchangeMethod;
import jkipsec.crypto.Prf;
import jkipsec.ike.message.Proposal;
import jkipsec.ike.message.SaPayload;
import jkipsec.ike.message.Transform;
import jkipsec.ike.message.TransformId;
import jkipsec.ike.message.TransformType;
import jkipsec.sim.Offers;
import org.junit.jupiter.api.Test;

/** Choosing among offers; what each fault of an offer does is in the rows of the gateway's tests. */
class NegotiationTest {
    private static final IkePolicy DEFAULTS = IkePolicy.defaults().withAdditional(List.of(List.of()));
    private static final CipherSuite GCM = CipherSuite.AES_GCM_16_256;
    private static final CipherSuite CBC = CipherSuite.AES_CBC_256_HMAC_SHA2_256_128;
    private static final List<List<CipherSuite>> SUITES =
            List.of(List.of(GCM), List.of(CBC), List.of(GCM, CBC), List.of(CBC, GCM));
    private static final KeyExchangeMethod ECP = KeyExchangeMethod.ECP_256;
    private static final KeyExchangeMethod MODP = KeyExchangeMethod.MODP_2048;
    private static final List<List<KeyExchangeMethod>> GROUPS =
            List.of(List.of(ECP), List.of(MODP), List.of(ECP, MODP), List.of(MODP, ECP));
    private static final List<CipherSuite> ALL_SUITES = List.of(
            GCM, CipherSuite.AES_GCM_16_128, CipherSuite.CHACHA20_POLY1305, CBC,
            CipherSuite.AES_CBC_256_HMAC_SHA2_384_192, CipherSuite.AES_CBC_256_HMAC_SHA2_512_256);
    private static final Transform CHACHA = Transform.of(TransformType.ENCR, TransformId.ENCR_CHACHA20_POLY1305);

    @Test
    void theChooserGetsItsOwnFirstPreferenceAmongWhatIsOffered() {
        for (List<CipherSuite> offeredSuites : SUITES) {
            for (List<KeyExchangeMethod> offeredGroups : GROUPS) {
                SaPayload offer = Negotiation.offerIke(DEFAULTS.withSuites(offeredSuites).withGroups(offeredGroups));
                for (List<CipherSuite> suites : SUITES) {
                    for (List<KeyExchangeMethod> groups : GROUPS) {
                        var chosen = Negotiation.chooseIke(offer, DEFAULTS.withSuites(suites).withGroups(groups));
                        Optional<CipherSuite> suite = suites.stream().filter(offeredSuites::contains).findFirst();
                        Optional<KeyExchangeMethod> group = groups.stream().filter(offeredGroups::contains).findFirst();
                        assertEquals(suite.isPresent() && group.isPresent(), chosen.isPresent());
                        chosen.ifPresent(choice -> {
                            assertEquals(suite.orElseThrow(), choice.suite());
                            assertEquals(group.orElseThrow(), choice.method());
                        });
                    }
                }
            }
        }
    }

    @Test
    void theAnswerIsOneChoiceThatTheOffererUnderstandsAlike() {
        SaPayload offer = Negotiation.offerIke(DEFAULTS);
        for (List<CipherSuite> suites : SUITES) {
            var chosen = Negotiation.chooseIke(offer, DEFAULTS.withSuites(suites)).orElseThrow();
            assertTrue(Negotiation.isOneChoice(chosen.answer()));
            var understood = Negotiation.chooseIke(chosen.answer(), DEFAULTS).orElseThrow();
            assertEquals(chosen.suite(), understood.suite());
            assertEquals(chosen.method(), understood.method());
        }
    }

    @Test
    void theAnswerHasTheNumberOfTheProposalChosen() {
        var offer = new SaPayload(List.of(
                Offers.ike(1, Offers.CBC_256, Offers.PRF_SHA_256, Offers.group(Offers.ECP_256)),
                Offers.ike(2, Offers.GCM_256, Offers.PRF_SHA_256, Offers.group(2)),
                Offers.ike(3, Offers.CBC_256, Offers.SHA_256_128, Offers.PRF_SHA_256, Offers.group(Offers.ECP_256))));
        var chosen = Negotiation.chooseIke(offer, DEFAULTS).orElseThrow();
        assertEquals(3, chosen.answer().proposals().get(0).number());
        assertEquals(CBC, chosen.suite());
    }

    @Test
    void everyAlgorithmIsAgreedOnAloneAndAmongAll() {
        IkePolicy all = DEFAULTS.withSuites(ALL_SUITES).withPrfs(List.of(Prf.values()))
                .withGroups(List.of(KeyExchangeMethod.values()));
        for (CipherSuite suite : ALL_SUITES) {
            for (Prf prf : Prf.values()) {
                for (KeyExchangeMethod group : KeyExchangeMethod.values()) {
                    IkePolicy one = DEFAULTS.withSuites(List.of(suite)).withPrfs(List.of(prf)).withGroups(List.of(group));
                    var wanted = Optional.of(new NegotiatedIke(suite, prf, group));
                    assertEquals(wanted, chosen(Negotiation.offerIke(all), one));
                    assertEquals(wanted, chosen(Negotiation.offerIke(one), all));
                    var answer = Negotiation.chooseIke(Negotiation.offerIke(all), one).orElseThrow().answer();
                    assertTrue(Negotiation.isOneChoice(answer));
                    assertEquals(wanted, chosen(answer, all));
                }
            }
            SaPayload offer = Negotiation.offerFirstChild(DEFAULTS.withEspSuites(ALL_SUITES), 0x1234);
            var child = Negotiation.chooseFirstChild(offer, DEFAULTS.withEspSuites(List.of(suite))).orElseThrow();
            assertEquals(suite, child.algorithms().suite());
            assertEquals(suite, Negotiation.chooseFirstChild(
                    child.answer(0x5678), DEFAULTS.withEspSuites(ALL_SUITES)).orElseThrow().algorithms().suite());
        }
    }

    private static Optional<NegotiatedIke> chosen(SaPayload offer, IkePolicy policy) {
        return Negotiation.chooseIke(offer, policy).map(Negotiation.ChosenIke::algorithms);
    }

    @Test
    void section3_3_5_chaChaHasOneKeyLengthSoAnAttributeMakesAnotherTransformOfIt() {
        IkePolicy policy = DEFAULTS.withSuites(List.of(CipherSuite.CHACHA20_POLY1305)).withGroups(List.of(ECP));
        Transform group = Offers.group(Offers.ECP_256);
        Transform withLength = Transform.withKeyLength(
                TransformType.ENCR, TransformId.ENCR_CHACHA20_POLY1305, 256);
        assertTrue(chosen(offer(CHACHA, Offers.PRF_SHA_256, group), policy).isPresent());
        assertTrue(chosen(offer(withLength, Offers.PRF_SHA_256, group), policy).isEmpty());
        assertTrue(Negotiation.offerIke(policy).proposals().get(0).transforms().contains(CHACHA));
    }

    private static SaPayload offer(Transform... transforms) {
        return new SaPayload(List.of(Offers.ike(1, transforms)));
    }

    @Test
    void section3_3_5_aesWithoutKeyLengthIsNothing() {
        Transform without = Transform.of(TransformType.ENCR, TransformId.ENCR_AES_GCM_16);
        assertTrue(chosen(offer(without, Offers.PRF_SHA_256, Offers.group(Offers.ECP_256)), DEFAULTS).isEmpty());
    }

    @Test
    void eachProposalHasItsOwnPrfsAndGroups() {
        IkePolicy policy = DEFAULTS.withIkeProposals(Proposals.ike(
                "aes256gcm16-prfsha384-prfsha256-ecp384", "aes256-sha256-prfsha256-modp2048"));
        SaPayload offer = Negotiation.offerIke(policy);
        assertEquals(2, offer.proposals().size());
        assertEquals(
                Optional.of(new NegotiatedIke(GCM, Prf.HMAC_SHA2_384, KeyExchangeMethod.ECP_384)), chosen(offer, policy));
        assertEquals(
                Optional.of(new NegotiatedIke(GCM, Prf.HMAC_SHA2_256, KeyExchangeMethod.ECP_384)),
                chosen(offer, policy.withPrfs(List.of(Prf.HMAC_SHA2_256))));
        assertEquals(
                Optional.of(new NegotiatedIke(CBC, Prf.HMAC_SHA2_256, MODP)), chosen(offer, DEFAULTS));
        assertTrue(chosen(offer, DEFAULTS.withGroups(List.of(ECP))).isEmpty());
    }

    @Test
    void anIkeSaThatReplacesAnotherMayDoWithoutAdditionalKeyExchanges() {
        var one = new NegotiatedIke(GCM, Prf.HMAC_SHA2_256, ECP);
        var all = new NegotiatedIke(GCM, Prf.HMAC_SHA2_256,
                new KeyExchanges(ECP, new TreeMap<>(Map.of(1, KeyExchangeMethod.ML_KEM_768))));
        SaPayload offer = Negotiation.offerIkeAgain(List.of(all, one), 7);
        assertEquals(all, Negotiation.chooseIkeAgain(offer, IkePolicy.defaults()).orElseThrow().algorithms());
        assertEquals(one, Negotiation.chooseIkeAgain(offer, DEFAULTS).orElseThrow().algorithms());
    }

    @Test
    void offersAreNumberedFromOne() {
        assertEquals(List.of(1, 2), Negotiation.offerIke(DEFAULTS).proposals().stream().map(Proposal::number).toList());
    }

    @Test
    void severalProposalsOrSeveralTransformsOfATypeAreNoChoice() {
        Proposal one = Offers.ike(1, Offers.GCM_256, Offers.PRF_SHA_256, Offers.group(Offers.ECP_256));
        assertTrue(Negotiation.isOneChoice(new SaPayload(List.of(one))));
        assertFalse(Negotiation.isOneChoice(new SaPayload(List.of(one, one))));
        assertFalse(Negotiation.isOneChoice(new SaPayload(List.of(Offers.with(one, Offers.group(14))))));
    }
}
