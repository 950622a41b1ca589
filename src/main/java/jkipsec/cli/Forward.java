package jkipsec.cli;

/**
 * A port of this machine that leads to a port at the other end of the tunnel.
 *
 * @param localPort where to listen, on the loopback address; 0 for any free port
 * @param remotePort where to connect to inside the tunnel
 */
record Forward(int localPort, int remotePort) {}
