package jkipsec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import org.junit.jupiter.api.Test;

/** What the README promises, done. */
class ReadmeTest {
    private static final Path README = Path.of("README.md");

    @Test
    void theLinesForJshellReadTheCapturedHandshake() throws IOException {
        List<String> lines = blocks("jshell").get(0).lines().toList();
        assertEquals(5, lines.size());
        expectPrinted(lines, "IKE_SA_INIT request", "AES_GCM_16_256", "ECP_256", "NAT_DETECTION_SOURCE_IP");
    }

    @Test
    void theLinesForJshellRunTwoHostsOnALink() throws IOException {
        List<String> lines = blocks("jshell").get(1).lines().toList();
        expectPrinted(lines, "Opened[connection=10.0.0.10", "Accepted[", "Deliver[connection=10.0.0.11:80", "length=5",
                "PingReply[ticket=0, payloadLength=3000]");
    }

    /** Runs lines as the jshell command does, and looks for what they print. */
    private static void expectPrinted(List<String> lines, String... expectations) {
        var printed = new ByteArrayOutputStream();
        try (JShell shell = JShell.builder()
                .executionEngine("local")
                .out(new PrintStream(printed, true, StandardCharsets.UTF_8))
                .build()) {
            shell.addToClasspath(System.getProperty("jkipsec.classes", "target/classes"));
            // What the jshell command imports by itself.
            List.of("java.io.*", "java.nio.file.*", "java.util.*", "java.util.stream.*")
                    .forEach(name -> shell.eval("import " + name + ";"));
            PrintStream before = System.out;
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            try {
                lines.forEach(line -> expectFine(shell, line));
            } finally {
                System.setOut(before);
            }
        }
        String text = printed.toString(StandardCharsets.UTF_8);
        for (String expected : expectations) {
            assertTrue(text.contains(expected), () -> expected + " is missing in: " + text);
        }
    }

    private static void expectFine(JShell shell, String line) {
        String complete = line.endsWith(";") ? line : line + ";";
        for (SnippetEvent event : shell.eval(complete)) {
            assertEquals(Snippet.Status.VALID, event.status(), () -> line + ": "
                    + shell.diagnostics(event.snippet()).map(d -> d.getMessage(null)).collect(Collectors.joining()));
            assertEquals(null, event.exception(), line);
        }
    }

    @Test
    void everyTestThatTheTableNamesIsThere() throws IOException {
        String readme = Files.readString(README);
        Matcher names = Pattern.compile("`(\\w+(?:Test|Properties))`").matcher(readme);
        List<String> there;
        try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
            there = files.map(file -> file.getFileName().toString()).toList();
        }
        assertTrue(names.find(), "the README names no test");
        do {
            String name = names.group(1);
            assertTrue(there.contains(name + ".java"), () -> "the README names " + name + ", which there is not");
        } while (names.find());
    }

    private static List<String> blocks(String language) throws IOException {
        Matcher matcher = Pattern.compile("(?s)```" + language + "\n(.*?)\n```").matcher(Files.readString(README));
        List<String> blocks = matcher.results().map(block -> block.group(1)).toList();
        assertTrue(blocks.size() > 0, "the README has no block of " + language);
        return blocks;
    }
}
