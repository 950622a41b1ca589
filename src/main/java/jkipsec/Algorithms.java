package jkipsec;

import java.util.List;
import java.util.Optional;
import jkipsec.crypto.CipherSuite;
import jkipsec.ike.IkePolicy;
import jkipsec.ike.IkeProposal;
import jkipsec.ike.Proposals;

/**
 * Which algorithms a configuration allows: suites for both protocols, or proposals for either in their place.
 *
 * @param suites the suites, the preferred one first
 * @param ike proposals for IKE SAs, when they are other than the suites say
 * @param esp suites for Child SAs, when they are other
 */
record Algorithms(List<Suite> suites, Optional<List<IkeProposal>> ike, Optional<List<CipherSuite>> esp) {
    /** Every {@link Suite}. */
    static final Algorithms DEFAULT = new Algorithms(List.of(Suite.values()), Optional.empty(), Optional.empty());

    Algorithms withSuites(Suite... preferred) {
        return new Algorithms(Settings.suites(preferred), ike, esp);
    }

    Algorithms withIke(String... proposals) {
        return new Algorithms(suites, Optional.of(Proposals.ike(proposals)), esp);
    }

    Algorithms withEsp(String... proposals) {
        return new Algorithms(suites, ike, Optional.of(Proposals.esp(proposals)));
    }

    /** A policy with these algorithms, and all else as it was. */
    IkePolicy in(IkePolicy policy) {
        IkePolicy bySuite = policy.withSuites(suites.stream().map(Suite::cipherSuite).toList());
        IkePolicy byProposal = ike.map(bySuite::withIkeProposals).orElse(bySuite);
        return esp.map(byProposal::withEspSuites).orElse(byProposal);
    }

    /**
     * Checks that a pre-shared key proves something whatever is negotiated.
     *
     * @throws IllegalStateException when not
     */
    void requireUsableSharedKeys() {
        try {
            in(IkePolicy.defaults()).requireUsableSharedKeys();
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /** As a part of what a configuration shows of itself. */
    @Override
    public String toString() {
        return "suites " + suites
                + ike.map(proposals -> ", IKE proposals " + proposals).orElse("")
                + esp.map(proposals -> ", ESP proposals " + proposals).orElse("");
    }
}
