package jkipsec.cli;

import java.util.Arrays;
import java.util.Optional;
import jkipsec.AuthKey;
import jkipsec.ClientConfig;

/**
 * By what a device logs in: exactly one of a key, a user's password and a certificate.
 *
 * @param key the pre-shared key
 * @param user the user's name and password
 * @param certificates the device's certificate, and the authorities whose word about the gateway it believes
 */
record LoginWords(Optional<AuthKey> key, Optional<User> user, CertificateFiles certificates) {
    static final Option USER = Option.one("--user", "NAME", "Logs in by this name and a password (EAP-MSCHAPv2), from"
            + " the environment variable JKIPSEC_PASSWORD, or else typed. Needs --trust.");
    static final Option CERTIFICATE = Option.many(CertificateFiles.CERTIFICATE, "FILE", "Logs in by certificate: PEM"
            + " files with the device's private key, its certificate, which has to name the --identity, and those of"
            + " intermediate authorities. Needs --trust.");
    static final Option TRUST = Option.many(CertificateFiles.TRUST, "FILE", "The authorities whose word is believed"
            + " about the gateway's certificate, in a PEM file.");

    /**
     * A user.
     *
     * @param name the user's name
     * @param password the password
     */
    record User(String name, String password) {
        /** Shows the name only. */
        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * Takes the arguments, and asks for a password when one is missing and somebody is there to ask.
     *
     * @param arguments what was typed
     * @param terminal where the environment is
     * @return how to log in
     * @throws UsageError when it is by nothing, by several, or lacks something
     */
    static LoginWords of(Arguments arguments, Terminal terminal) throws UsageError {
        CertificateFiles certificates = CertificateFiles.of(arguments);
        Optional<String> name = arguments.get(USER.name());
        boolean byCertificate = !certificates.own().isEmpty();
        boolean trusts = !certificates.trusted().isEmpty();
        if (name.isPresent() && byCertificate) {
            throw new UsageError("connect logs in by one means: give --user or --certificate, not both");
        }
        if (name.isPresent() || byCertificate) {
            if (!trusts) {
                throw new UsageError((byCertificate ? CERTIFICATE.name() : USER.name()) + " needs " + TRUST.usage()
                        + ": a PEM file with the authority whose word is believed about the gateway's certificate");
            }
            return new LoginWords(Optional.empty(),
                    name.isPresent() ? Optional.of(new User(name.get(), password(terminal))) : Optional.empty(),
                    certificates);
        }
        if (trusts) {
            throw new UsageError("with a pre-shared key the gateway proves itself by that key: leave " + TRUST.name()
                    + " out, or log in by --user or --certificate");
        }
        return new LoginWords(Optional.of(AuthKey.derive(terminal.variable("JKIPSEC_PSK").orElseThrow(() ->
                new UsageError("connect needs the pre-shared key in the environment variable JKIPSEC_PSK, or --user"
                        + " NAME or --certificate FILE to log in by")))), Optional.empty(), certificates);
    }

    private static String password(Terminal terminal) throws UsageError {
        Optional<String> variable = terminal.variable("JKIPSEC_PASSWORD");
        if (variable.isPresent()) {
            return variable.get();
        }
        char[] typed = SecretPrompt.ask(terminal, "password").orElseThrow(() -> new UsageError(
                "--user needs the password in the environment variable JKIPSEC_PASSWORD, or a terminal to ask for it"));
        try {
            return new String(typed);
        } finally {
            Arrays.fill(typed, '\0');
        }
    }

    /**
     * Reads the files and sets what was typed.
     *
     * @param builder of the client's configuration
     * @throws UsageError when a file cannot be used
     * @throws IllegalArgumentException when a name or a password is too long
     */
    void apply(ClientConfig.Builder builder) throws UsageError {
        key.ifPresent(builder::authKey);
        user.ifPresent(who -> builder.password(who.name(), who.password().toCharArray()));
        certificates.apply(builder::certificate, builder::trust);
    }
}
