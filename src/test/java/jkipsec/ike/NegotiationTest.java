package jkipsec.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import jkipsec.crypto.CipherSuite;
import jkipsec.crypto.KeyExchangeMethod;
import jkipsec.ike.message.Proposal;
import jkipsec.ike.message.SaPayload;
import jkipsec.sim.Offers;
import org.junit.jupiter.api.Test;

/** Choosing among offers; what each fault of an offer does is in the rows of the gateway's tests. */
class NegotiationTest {
    private static final IkePolicy DEFAULTS = IkePolicy.defaults();
    private static final CipherSuite GCM = CipherSuite.AES_GCM_16_256;
    private static final CipherSuite CBC = CipherSuite.AES_CBC_256_HMAC_SHA2_256_128;
    private static final List<List<CipherSuite>> SUITES =
            List.of(List.of(GCM), List.of(CBC), List.of(GCM, CBC), List.of(CBC, GCM));
    private static final KeyExchangeMethod ECP = KeyExchangeMethod.ECP_256;
    private static final KeyExchangeMethod MODP = KeyExchangeMethod.MODP_2048;
    private static final List<List<KeyExchangeMethod>> GROUPS =
            List.of(List.of(ECP), List.of(MODP), List.of(ECP, MODP), List.of(MODP, ECP));

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
