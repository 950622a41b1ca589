package jkipsec.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jkipsec.bytes.Hex;

/**
 * Reads the published test vectors in {@code test-vectors/}.
 *
 * <p>A file is blocks of {@code key = value} lines with empty lines between; a line that starts with white space
 * continues the value above it, and a line that starts with {@code #} is for people. Every block says in {@code note}
 * what it shows, in {@code source} where it comes from, and in {@code expect} what should happen ({@code ok} or
 * {@code reject}).
 */
public final class Vectors {
    private Vectors() {}

    /**
     * Reads a file.
     *
     * @param file its name within the folder, such as {@code "rfc4231.txt"}
     * @return its blocks, at least one
     */
    public static List<Vector> load(String file) {
        try {
            return parse(file, Files.readAllLines(folder().resolve(file)));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read vectors; set -Djkipsec.testVectors to their folder", e);
        }
    }

    /**
     * Where the vectors are.
     *
     * @return the folder named by the system property {@code jkipsec.testVectors}, else {@code test-vectors}
     */
    public static Path folder() {
        return Path.of(System.getProperty("jkipsec.testVectors", "test-vectors"));
    }

    private static List<Vector> parse(String file, List<String> lines) {
        var blocks = new ArrayList<Vector>();
        Map<String, String> block = new LinkedHashMap<>();
        String key = null;
        for (String line : lines) {
            if (line.startsWith("#")) {
                continue;
            }
            if (line.isBlank()) {
                finish(file, block, blocks);
                block = new LinkedHashMap<>();
                key = null;
            } else if (Character.isWhitespace(line.charAt(0)) && key != null) {
                block.merge(key, line.strip(), (above, more) -> (above + " " + more).strip());
            } else {
                int sign = line.indexOf('=');
                if (sign < 1) {
                    throw new IllegalStateException(file + ": not a 'key = value' line: " + line);
                }
                key = line.substring(0, sign).strip();
                if (block.put(key, line.substring(sign + 1).strip()) != null) {
                    throw new IllegalStateException(file + ": '" + key + "' twice in one block");
                }
            }
        }
        finish(file, block, blocks);
        if (blocks.isEmpty()) {
            throw new IllegalStateException(file + " holds no vectors");
        }
        return List.copyOf(blocks);
    }

    private static void finish(String file, Map<String, String> block, List<Vector> blocks) {
        if (block.isEmpty()) {
            return;
        }
        for (String needed : List.of("note", "source", "expect")) {
            if (!block.containsKey(needed)) {
                throw new IllegalStateException(file + ": a block without '" + needed + "': " + block);
            }
        }
        blocks.add(new Vector(file, block));
    }

    /**
     * One block of a file.
     *
     * @param file the file's name
     * @param values what the block says, by key
     */
    public record Vector(String file, Map<String, String> values) {
        /**
         * Whether the block has a key.
         *
         * @param key the key
         * @return true when it has
         */
        public boolean has(String key) {
            return values.containsKey(key);
        }

        /**
         * A value as it is written.
         *
         * @param key the key
         * @return the value; a missing key is an {@link IllegalStateException}
         */
        public String text(String key) {
            String value = values.get(key);
            if (value == null) {
                throw new IllegalStateException(this + " has no '" + key + "'");
            }
            return value;
        }

        /**
         * A value written in hexadecimal.
         *
         * @param key the key
         * @return its octets
         */
        public byte[] hex(String key) {
            return Hex.parse(text(key));
        }

        /**
         * A value written in decimal, or in hexadecimal after {@code 0x}, of at most 32 bits.
         *
         * @param key the key
         * @return the bits of the number
         */
        public int integer(String key) {
            return Long.decode(text(key)).intValue();
        }

        /**
         * What should happen.
         *
         * @return true for {@code ok}, false for {@code reject}
         */
        public boolean expectsSuccess() {
            return switch (text("expect")) {
                case "ok" -> true;
                case "reject" -> false;
                default -> throw new IllegalStateException(this + ": expect is neither ok nor reject");
            };
        }

        /** Names the block, for assertion messages. */
        @Override
        public String toString() {
            return file + ": " + values.get("note");
        }
    }
}
