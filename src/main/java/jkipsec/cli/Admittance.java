package jkipsec.cli;

import java.nio.file.Path;
import java.util.Optional;
import jkipsec.AuthKey;
import jkipsec.ServerConfig;
import jkipsec.eap.NtHash;

/**
 * Who may come in, and by what this gateway proves who it is.
 *
 * @param keys the file with devices' keys
 * @param sharedKey the key of any other device
 * @param users the file with users' password hashes
 * @param certificates this gateway's, and the authorities whose devices may come in
 * @param redirects who goes to another gateway
 */
record Admittance(Optional<Path> keys, Optional<AuthKey> sharedKey, Optional<Path> users,
        CertificateFiles certificates, RedirectWords redirects) {
    static final Option KEYS = Option.one("--keys", "FILE", "Which devices may come in by pre-shared key: lines of an"
            + " identity (the device's Local ID), a space and a key as 'jkipsec key' prints it; '#' starts a comment.");
    static final Option CERTIFICATE = Option.many(CertificateFiles.CERTIFICATE, "FILE", "By what this gateway proves"
            + " who it is to users and to devices with certificates: PEM files with its private key, its certificate,"
            + " which has to name the --identity, and those of intermediate authorities.");
    static final Option USERS = Option.one("--users", "FILE", "Which users may come in by password (EAP-MSCHAPv2):"
            + " lines of a name, a space and a hash as 'jkipsec key --password' prints it; '#' starts a comment. Needs"
            + " --certificate.");
    static final Option TRUST = Option.many(CertificateFiles.TRUST, "FILE", "Lets in every device with a certificate"
            + " of an authority in this PEM file that names the device's Local ID. Needs --certificate.");

    /**
     * Takes the arguments.
     *
     * @param arguments what was typed
     * @param terminal where the environment is
     * @return who may come in
     * @throws UsageError when nobody could
     */
    static Admittance of(Arguments arguments, Terminal terminal) throws UsageError {
        var admittance = new Admittance(arguments.get(KEYS.name()).map(Path::of),
                terminal.variable("JKIPSEC_PSK").map(AuthKey::derive), arguments.get(USERS.name()).map(Path::of),
                CertificateFiles.of(arguments), RedirectWords.of(arguments));
        boolean trusts = !admittance.certificates.trusted().isEmpty();
        if (admittance.keys.isEmpty() && admittance.sharedKey.isEmpty() && admittance.users.isEmpty() && !trusts) {
            throw new UsageError("nobody could come in: "
                    + (arguments.knows(KEYS.name()) ? "give --keys FILE, --users FILE or --trust FILE, or " : "")
                    + "set JKIPSEC_PSK to the pre-shared key of every device");
        }
        if (admittance.certificates.own().isEmpty() && (admittance.users.isPresent() || trusts)) {
            throw new UsageError((admittance.users.isPresent() ? USERS.name() : TRUST.name()) + " needs "
                    + CERTIFICATE.usage() + ": the gateway proves by certificate who it is before a "
                    + (admittance.users.isPresent() ? "user logs in" : "device with a certificate comes in"));
        }
        return admittance;
    }

    /**
     * Reads the files and sets what they say.
     *
     * @param builder of the server's configuration
     * @param journal where refusals and warnings are noted
     * @throws UsageError when a file cannot be used
     */
    void apply(ServerConfig.Builder builder, Journal journal) throws UsageError {
        Optional<KeyFile<AuthKey>> devices = read(KeyFile.KEYS, keys, journal);
        Optional<KeyFile<NtHash>> passwords = read(KeyFile.USERS, users, journal);
        certificates.apply(builder::certificate, builder::trust);
        certificates.exposures().forEach(warning -> journal.note("%s", warning));
        redirects.apply(builder);
        builder.authenticator(new Keyring(journal, devices, sharedKey, passwords));
    }

    private static <T> Optional<KeyFile<T>> read(KeyFile.Kind<T> kind, Optional<Path> file, Journal journal)
            throws UsageError {
        if (file.isEmpty()) {
            return Optional.empty();
        }
        KeyFile<T> known = KeyFile.read(kind, file.get());
        KeyFile.exposure(file.get()).ifPresent(warning -> journal.note("%s", warning));
        return Optional.of(known);
    }
}
