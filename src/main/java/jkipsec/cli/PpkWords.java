package jkipsec.cli;

import java.util.Optional;
import jkipsec.ClientConfig;
import jkipsec.ServerConfig;
import jkipsec.ike.Ppk;
import jkipsec.ike.PpkSource;

/**
 * What the command line says of a post-quantum pre-shared key.
 *
 * @param key the key, if there is one
 * @param required whether there is no tunnel without it
 */
record PpkWords(Optional<Ppk> key, boolean required) {
    static final Option PPK = Option.one("--ppk", "NAME", "The name of a post-quantum pre-shared key (RFC 8784), mixed"
            + " into the keys when the other side has it too; the key is the text in JKIPSEC_PPK.");
    static final Option REQUIRED = Option.flag("--ppk-required", "Refuses whoever does not have it.");

    /**
     * Takes the arguments.
     *
     * @param arguments what was typed
     * @param terminal where the environment is
     * @return what they say
     * @throws UsageError when there is a name without a key, or a demand without a name
     */
    static PpkWords of(Arguments arguments, Terminal terminal) throws UsageError {
        Optional<String> name = arguments.get(PPK.name());
        boolean required = arguments.has(REQUIRED.name());
        if (name.isEmpty()) {
            if (required) {
                throw new UsageError("--ppk-required needs --ppk NAME");
            }
            return new PpkWords(Optional.empty(), false);
        }
        String secret = terminal.variable("JKIPSEC_PPK").orElseThrow(() -> new UsageError(
                "--ppk needs the key in the environment variable JKIPSEC_PPK"));
        try {
            return new PpkWords(Optional.of(Ppk.of(name.get(), secret)), required);
        } catch (IllegalArgumentException wrong) {
            throw new UsageError(wrong.getMessage());
        }
    }

    void apply(ServerConfig.Builder builder) {
        key.ifPresent(ppk -> builder.ppk(PpkSource.of(ppk)).ppkRequired(required));
    }

    void apply(ClientConfig.Builder builder) {
        key.ifPresent(ppk -> builder.ppk(ppk, required));
    }
}
