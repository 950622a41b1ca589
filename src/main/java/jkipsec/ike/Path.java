package jkipsec.ike;

import jkipsec.ip.Endpoint;

/**
 * Where messages of an SA go out and come in: one of our sockets, and the peer's address as that socket sees it.
 *
 * @param socket the number the shell gave our socket
 * @param role what that socket carries
 * @param peer the peer's address and port
 */
public record Path(int socket, PortRole role, Endpoint peer) {}
