package jkipsec.ike;

import java.util.ArrayList;
import java.util.List;
import jkipsec.ike.message.TrafficSelector;

/** Narrowing of traffic selectors (RFC 7296 §2.9). */
final class Selectors {
    private Selectors() {}

    /** The parts of a peer's selectors that lie within what is allowed, each part once. */
    static List<TrafficSelector> narrow(List<TrafficSelector> offered, TrafficSelector... allowed) {
        return narrow(offered, List.of(allowed));
    }

    static List<TrafficSelector> narrow(List<TrafficSelector> offered, List<TrafficSelector> allowed) {
        var narrowed = new ArrayList<TrafficSelector>();
        for (TrafficSelector selector : offered) {
            for (TrafficSelector bound : allowed) {
                selector.intersect(bound)
                        .filter(part -> narrowed.stream().noneMatch(kept -> kept.covers(part)))
                        .ifPresent(part -> {
                            narrowed.removeIf(part::covers);
                            narrowed.add(part);
                        });
            }
        }
        return narrowed;
    }

    /** Whether every one of some selectors lies within one of others. */
    static boolean within(List<TrafficSelector> inner, List<TrafficSelector> outer) {
        return inner.stream().allMatch(part -> outer.stream().anyMatch(whole -> whole.covers(part)));
    }
}
