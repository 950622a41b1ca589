package jkipsec.gateway;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Law 7 of the design over simulated weeks; {@link RekeyLongRun} runs it for more seeds. */
class WeeksProperties {
    @Property(tries = 2)
    void aTunnelLivesForWeeksWhateverBothSidesDo(@ForAll long seed) {
        Weeks.check(seed, 1);
    }

    /** A Child SA's rekeying that its IKE SA's overtook counted as under way for ever: no IKE SA could be replaced then. */
    @Example
    void andWhereRekeyingsOfBothKindsOvertakeEachOther() {
        Weeks.check(1, 2);
    }
}
