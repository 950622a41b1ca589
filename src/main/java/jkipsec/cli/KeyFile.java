package jkipsec.cli;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import jkipsec.AuthKey;

/**
 * Which device has which key: lines of an identity, white space, and a key as the {@code key} command prints it. The
 * identity may have spaces in it. Empty lines and lines that start with {@code #} are skipped. Immutable.
 */
final class KeyFile {
    private final Map<String, AuthKey> keys;

    private KeyFile(Map<String, AuthKey> keys) {
        this.keys = Map.copyOf(keys);
    }

    /**
     * Reads a file.
     *
     * @param path the file
     * @return its keys
     * @throws UsageError when it cannot be read, or a line is not an identity and a key; keys are not repeated in the
     *     message
     */
    static KeyFile read(Path path) throws UsageError {
        try {
            return parse(path.toString(), Files.readString(path));
        } catch (NoSuchFileException absent) {
            throw new UsageError("--keys: there is no file '" + path + "'");
        } catch (MalformedInputException binary) {
            throw new UsageError("--keys: '" + path + "' is not UTF-8 text");
        } catch (IOException unreadable) {
            throw new UsageError("--keys: cannot read '" + path + "': " + unreadable);
        }
    }

    /**
     * Reads the file's text.
     *
     * @param name the file's name, for complaints
     * @param text lines
     * @return the keys
     * @throws UsageError when a line is not an identity and a key
     */
    static KeyFile parse(String name, String text) throws UsageError {
        Map<String, AuthKey> keys = new HashMap<>();
        int number = 0;
        for (String line : text.lines().map(String::strip).toList()) {
            number++;
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String where = name + " line " + number;
            String[] parts = line.split("\\s+(?=\\S+$)");
            if (parts.length != 2) {
                throw new UsageError(where + ": expected an identity, a space and a key, and found one word");
            }
            if (keys.put(parts[0], key(where, parts[1])) != null) {
                throw new UsageError(where + ": '" + parts[0] + "' has a key already; remove one of the two lines");
            }
        }
        if (keys.isEmpty()) {
            throw new UsageError(name + " has no keys in it; write lines such as 'alice KEY', with KEY from"
                    + " 'jkipsec key'");
        }
        return new KeyFile(keys);
    }

    private static AuthKey key(String where, String text) throws UsageError {
        try {
            return AuthKey.parse(text);
        } catch (IllegalArgumentException not) {
            throw new UsageError(where + ": the last word is not a key as 'jkipsec key' prints it"
                    + " (a PSK itself is not accepted here)");
        }
    }

    /**
     * Looks up a device.
     *
     * @param identity the identity it showed
     * @return its key, when it has one
     */
    Optional<AuthKey> key(String identity) {
        return Optional.ofNullable(keys.get(identity));
    }

    /**
     * How many devices are known.
     *
     * @return at least 1
     */
    int size() {
        return keys.size();
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
                return Optional.of("warning: every user of this machine can read the keys in " + path
                        + "; 'chmod 600 " + path + "' prevents that");
            }
        } catch (IOException unknown) {
            // Only a warning would come of it.
        }
        return Optional.empty();
    }
}
