package jkipsec.ike;

import java.util.List;
import jkipsec.ike.message.TrafficSelector;

/**
 * What two sides agreed on for a Child SA besides its keys.
 *
 * @param algorithms its algorithms
 * @param ourSpi the SPI under which this side receives
 * @param peerSpi the SPI under which the peer receives
 * @param local the traffic selectors of this side
 * @param remote the traffic selectors of the peer's side
 */
record ChildTerms(
        NegotiatedChild algorithms,
        int ourSpi,
        int peerSpi,
        List<TrafficSelector> local,
        List<TrafficSelector> remote) {}
