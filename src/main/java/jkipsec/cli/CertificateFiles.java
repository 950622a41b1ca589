package jkipsec.cli;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import jkipsec.pki.Credentials;
import jkipsec.pki.TrustAnchors;

/**
 * Which PEM files prove who this side is, and which say whose word to believe about the other. Used by either role.
 *
 * @param own files with a private key, its certificate and intermediate ones
 * @param trusted files with authorities' certificates
 */
record CertificateFiles(List<Path> own, List<Path> trusted) {
    /** How the first are given. */
    static final String CERTIFICATE = "--certificate";
    /** How the others are given. */
    static final String TRUST = "--trust";

    /**
     * Takes the arguments.
     *
     * @param arguments what was typed
     * @return the files, not read yet
     */
    static CertificateFiles of(Arguments arguments) {
        return new CertificateFiles(paths(arguments, CERTIFICATE), paths(arguments, TRUST));
    }

    private static List<Path> paths(Arguments arguments, String option) {
        return arguments.all(option).stream().map(Path::of).toList();
    }

    /**
     * Reads the files, and tries out what is in them.
     *
     * @param certificate takes the text of this side's files, if there are any
     * @param trust takes the text of the authorities' files, if there are any
     * @throws UsageError when one cannot be read or used; nothing of a key is repeated in the message
     */
    void apply(Consumer<String> certificate, Consumer<String> trust) throws UsageError {
        read(CERTIFICATE, own, text -> Credentials.parse(text, new SecureRandom()::nextBytes), certificate,
                "give the PEM files of one private key, its certificate, and those of intermediate authorities");
        read(TRUST, trusted, TrustAnchors::parse, trust, "give a PEM file with the authorities' certificates");
    }

    private static void read(String option, List<Path> files, Consumer<String> check, Consumer<String> use,
            String remedy) throws UsageError {
        if (files.isEmpty()) {
            return;
        }
        var text = new StringBuilder();
        for (Path file : files) {
            text.append(KeyFile.text(option, file)).append('\n');
        }
        try {
            check.accept(text.toString());
        } catch (IllegalArgumentException wrong) {
            throw new UsageError(option + " " + String.join(" and ", files.stream().map(Path::toString).toList()) + ": "
                    + wrong.getMessage() + "; " + remedy);
        }
        use.accept(text.toString());
    }

    /**
     * Warnings about files that other users of this machine can read.
     *
     * @return those with the private key among them
     */
    List<String> exposures() {
        return own.stream().filter(CertificateFiles::holdsKey).map(KeyFile::exposure).flatMap(Optional::stream).toList();
    }

    private static boolean holdsKey(Path file) {
        try {
            return KeyFile.text(CERTIFICATE, file).contains("PRIVATE KEY-----");
        } catch (UsageError unreadable) {
            return false;
        }
    }
}
