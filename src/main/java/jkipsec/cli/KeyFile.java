package jkipsec.cli;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import jkipsec.AuthKey;
import jkipsec.eap.NtHash;

/**
 * What is known of whom: lines of a name, white space, and a secret as the {@code key} command prints it. The name may
 * have spaces in it. Empty lines and lines that start with {@code #} are skipped. Immutable.
 *
 * @param <T> what the secrets are
 */
final class KeyFile<T> {
    /**
     * What the lines of a file hold.
     *
     * @param option which option names the file
     * @param name what comes first
     * @param secret what comes last
     * @param command what prints such a secret
     * @param source what it prints it from, which is not accepted in its place
     * @param parser reads a secret; throws IllegalArgumentException
     * @param <T> what the secrets are
     */
    record Kind<T>(String option, String name, String secret, String command, String source,
            Function<String, T> parser) {}

    /** Devices with their keys. */
    static final Kind<AuthKey> KEYS = new Kind<>("--keys", "an identity", "key", "jkipsec key", "a PSK",
            AuthKey::parse);
    /** Users with the hashes of their passwords. */
    static final Kind<NtHash> USERS = new Kind<>("--users", "a user's name", "hash", "jkipsec key --password",
            "a password", NtHash::parse);

    private final Map<String, T> secrets;

    private KeyFile(Map<String, T> secrets) {
        this.secrets = Map.copyOf(secrets);
    }

    /**
     * Reads a file.
     *
     * @param kind what its lines hold
     * @param path the file
     * @return what it says
     * @throws UsageError when it cannot be read, or a line is not a name and a secret; secrets are not repeated in the
     *     message
     */
    static <T> KeyFile<T> read(Kind<T> kind, Path path) throws UsageError {
        return parse(kind, path.toString(), text(kind.option(), path));
    }

    /**
     * Reads a file as text.
     *
     * @param option which option names it
     * @param path the file
     * @return its text
     * @throws UsageError when it cannot be read
     */
    static String text(String option, Path path) throws UsageError {
        try {
            return Files.readString(path);
        } catch (NoSuchFileException absent) {
            throw new UsageError(option + ": there is no file '" + path + "'");
        } catch (MalformedInputException binary) {
            throw new UsageError(option + ": '" + path + "' is not UTF-8 text");
        } catch (IOException unreadable) {
            throw new UsageError(option + ": cannot read '" + path + "': " + unreadable);
        }
    }

    /**
     * Reads the file's text.
     *
     * @param kind what the lines hold
     * @param file the file's name, for complaints
     * @param text lines
     * @return what they say
     * @throws UsageError when a line is not a name and a secret
     */
    static <T> KeyFile<T> parse(Kind<T> kind, String file, String text) throws UsageError {
        Map<String, T> secrets = new HashMap<>();
        int number = 0;
        for (String line : text.lines().map(String::strip).toList()) {
            number++;
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String where = file + " line " + number;
            String[] parts = line.split("\\s+(?=\\S+$)");
            if (parts.length != 2) {
                throw new UsageError(where + ": expected " + kind.name() + ", a space and a " + kind.secret()
                        + ", and found one word");
            }
            if (secrets.put(parts[0], secret(kind, where, parts[1])) != null) {
                throw new UsageError(where + ": '" + parts[0] + "' has a " + kind.secret()
                        + " already; remove one of the two lines");
            }
        }
        if (secrets.isEmpty()) {
            String word = kind.secret().toUpperCase(Locale.ROOT);
            throw new UsageError(file + " has no line with a " + kind.secret() + " in it; write lines such as 'alice "
                    + word + "', with " + word + " from '" + kind.command() + "'");
        }
        return new KeyFile<>(secrets);
    }

    private static <T> T secret(Kind<T> kind, String where, String text) throws UsageError {
        try {
            return kind.parser().apply(text);
        } catch (IllegalArgumentException not) {
            throw new UsageError(where + ": the last word is not a " + kind.secret() + " as '" + kind.command()
                    + "' prints it (" + kind.source() + " itself is not accepted here)");
        }
    }

    /**
     * Looks somebody up.
     *
     * @param name the identity that a device showed, or the user's name
     * @return the secret, when there is one
     */
    Optional<T> of(String name) {
        return Optional.ofNullable(secrets.get(name));
    }

    /**
     * How many are known.
     *
     * @return at least 1
     */
    int size() {
        return secrets.size();
    }

    /**
     * Says whether other users of this machine can read a file, where the file system knows.
     *
     * @param path the file
     * @return a warning with the remedy, or nothing
     */
    static Optional<String> exposure(Path path) {
        try {
            var view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
            if (view != null && view.readAttributes().permissions().contains(PosixFilePermission.OTHERS_READ)) {
                return Optional.of("warning: every user of this machine can read the secrets in " + path
                        + "; 'chmod 600 " + path + "' prevents that");
            }
        } catch (IOException unknown) {
            // Only a warning would come of it.
        }
        return Optional.empty();
    }
}
