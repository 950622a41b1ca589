package jkipsec.cli;

/**
 * Where to listen for devices.
 *
 * @param address the address both sockets bind
 * @param ikePort the port for IKE, 500 by default
 * @param natTPort the port for IKE and ESP behind a NAT, 4500 by default
 */
record Binds(String address, int ikePort, int natTPort) {
    /** What the probe listens on when it is not told: no privilege needed, a port redirect in front expected. */
    static final String PROBE_DEFAULT = "0.0.0.0:8500/ike500,0.0.0.0:4501/ike4500";

    private static final String EXAMPLE = "'" + PROBE_DEFAULT + "'";

    /**
     * Reads the form that {@code JKIPSEC_BINDS} has: {@code ADDRESS:PORT/ROLE} twice, with a comma between, where ROLE
     * is {@code ike500} or {@code ike4500}.
     *
     * @param where the option or variable
     * @param text what it said
     * @return the sockets to bind
     * @throws UsageError when it is not one of each role at the same address
     */
    static Binds parse(String where, String text) throws UsageError {
        String address = null;
        int ike = -1;
        int natT = -1;
        for (String part : text.split(",")) {
            String bind = part.strip();
            int slash = bind.indexOf('/');
            int colon = bind.lastIndexOf(':', Math.max(slash, 0));
            if (slash < 0 || colon <= 0) {
                throw new UsageError(where + ": '" + bind + "' is not ADDRESS:PORT/ROLE; write for example " + EXAMPLE);
            }
            String host = bind.substring(0, colon).replaceAll("^\\[|]$", "");
            Values.address(where, host);
            if (address != null && !address.equals(host)) {
                throw new UsageError(where + ": both sockets must have the same address, and '" + address + "' and '"
                        + host + "' differ; use 0.0.0.0 to listen on all");
            }
            address = host;
            int port = Values.bindPort(where, bind.substring(colon + 1, slash));
            String role = bind.substring(slash + 1);
            boolean again = switch (role) {
                case "ike500" -> {
                    boolean set = ike >= 0;
                    ike = port;
                    yield set;
                }
                case "ike4500" -> {
                    boolean set = natT >= 0;
                    natT = port;
                    yield set;
                }
                default -> throw new UsageError(where + ": there is no role '" + role + "' (ike500: plain IKE;"
                        + " ike4500: IKE and ESP behind a NAT)");
            };
            if (again) {
                throw new UsageError(where + ": '" + role + "' is there twice; name one socket of each role");
            }
        }
        if (ike < 0 || natT < 0) {
            throw new UsageError(where + ": '" + text + "' lacks a socket with role "
                    + (ike < 0 ? "ike500" : "ike4500") + "; write for example " + EXAMPLE);
        }
        return new Binds(address, ike, natT);
    }
}
