package jkipsec.cli;

import java.util.List;
import jkipsec.ClientConfig;
import jkipsec.ServerConfig;

/**
 * Proposals as they were typed.
 *
 * @param ike for IKE SAs, the preferred first; none leaves it to the suites
 * @param esp for the packets, likewise
 */
record ProposalWords(List<String> ike, List<String> esp) {
    static final Option IKE = Option.one("--ike-proposals", "LIST", "What may protect IKE, in place of --suites: such as"
            + " aes256gcm16-prfsha256-x25519, with commas between, the preferred one first.");
    static final Option ESP = Option.one("--esp-proposals", "LIST", "What may protect the packets, in place of"
            + " --suites: such as aes256gcm16 or aes256-sha256, with commas between, the preferred one first.");

    /**
     * Takes the arguments.
     *
     * @param arguments what was typed
     * @return the proposals, not understood yet
     */
    static ProposalWords of(Arguments arguments) {
        return new ProposalWords(list(arguments, IKE), list(arguments, ESP));
    }

    private static List<String> list(Arguments arguments, Option option) {
        return arguments.get(option.name()).map(typed -> List.of(typed.split(",", -1))).orElse(List.of());
    }

    /**
     * Sets what was typed.
     *
     * @param builder of the server's configuration
     * @throws IllegalArgumentException when a word is not understood
     */
    void apply(ServerConfig.Builder builder) {
        if (!ike.isEmpty()) {
            builder.ikeProposals(ike.toArray(String[]::new));
        }
        if (!esp.isEmpty()) {
            builder.espProposals(esp.toArray(String[]::new));
        }
    }

    /**
     * Sets what was typed.
     *
     * @param builder of the client's configuration
     * @throws IllegalArgumentException when a word is not understood
     */
    void apply(ClientConfig.Builder builder) {
        if (!ike.isEmpty()) {
            builder.ikeProposals(ike.toArray(String[]::new));
        }
        if (!esp.isEmpty()) {
            builder.espProposals(esp.toArray(String[]::new));
        }
    }
}
