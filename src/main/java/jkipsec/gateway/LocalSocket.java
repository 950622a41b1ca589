package jkipsec.gateway;

import jkipsec.ike.PortRole;
import jkipsec.ip.Endpoint;

/**
 * A UDP socket that the shell has bound for a gateway.
 *
 * @param id the number by which gateway and shell name it
 * @param role what it carries
 * @param bound where it is bound; the address may be the wildcard
 */
public record LocalSocket(int id, PortRole role, Endpoint bound) {}
