package jkipsec;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.bouncycastle.math.ec.ECPoint;
import org.junit.jupiter.api.Test;

/** The table of the architecture, checked on the compiled classes: who may use whom, and what the core may not touch. */
class LayeringTest {
    private static final Path CLASSES = Path.of(System.getProperty("jkipsec.classes", "target/classes"));
    private static final Path SOURCES = Path.of("src/main/java");
    private static final String ROOT = "jkipsec";

    /** What each package of the core may use of the project. */
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            entry("bytes", Set.of()),
            entry("crypto", Set.of("bytes")),
            entry("eap", Set.of("bytes")),
            entry("ip", Set.of("bytes")),
            entry("ike.message", Set.of("bytes", "ip")),
            entry("pki", Set.of("bytes", "crypto", "ip", "ike.message")),
            entry("esp", Set.of("bytes", "crypto", "ip")),
            entry("tcp", Set.of("bytes", "ip")),
            entry("udp", Set.of("bytes", "ip")),
            entry("stack", Set.of("bytes", "ip", "tcp", "udp")),
            entry("ike", Set.of("bytes", "crypto", "eap", "ip", "ike.message", "esp", "pki")),
            entry("gateway", Set.of("bytes", "crypto", "ip", "ike.message", "esp", "tcp", "udp", "stack", "ike")));

    /** What each package of the core may use of the platform beyond java.lang and java.util. */
    private static final Map<String, Set<String>> PLATFORM = Map.ofEntries(
            entry("bytes", Set.of("java.security", "java.lang.invoke", "java.nio")),
            entry("crypto", Set.of("java.security", "java.security.spec", "java.security.interfaces", "javax.crypto",
                    "javax.crypto.spec", "javax.crypto.interfaces", "java.math", "java.nio", "org.bouncycastle")),
            entry("eap", Set.of("java.security", "javax.crypto", "javax.crypto.spec", "java.nio", "java.nio.charset",
                    "java.util.regex", "org.bouncycastle")),
            entry("ip", Set.of("java.net")),
            entry("ike.message", Set.of("java.nio.charset", "java.nio")),
            entry("pki", Set.of("java.security", "java.security.cert", "java.security.spec", "javax.security.auth.x500",
                    "java.time", "java.nio.charset", "java.util.regex")),
            entry("esp", Set.of()),
            entry("tcp", Set.of("java.time", "java.security")),
            entry("udp", Set.of()),
            entry("stack", Set.of()),
            entry("ike", Set.of("java.time", "java.security", "java.security.cert", "javax.security.auth.x500", "java.nio",
                    "java.nio.charset")),
            entry("gateway", Set.of("java.time")));

    /** Threads, clocks, chance and I/O: the core is handed these and takes none by itself. */
    private static final Pattern FORBIDDEN = Pattern.compile("\\b(Thread|ExecutorService|Executors|ReentrantLock"
            + "|System\\.nanoTime|System\\.currentTimeMillis|Instant\\.now|SecureRandom|ThreadLocalRandom|Math\\.random"
            + "|DatagramSocket|DatagramChannel|ServerSocket|System\\.Logger|System\\.out|System\\.err)\\b");

    /** The one adapter that hands injected randomness to the JDK's key generators. */
    private static final Set<String> EXEMPT = Set.of("SourceRandom.java");

    @Test
    void everyArrowIsInTheTable() {
        var wrong = new TreeSet<String>();
        arrows().forEach((from, targets) -> {
            String layer = layer(from);
            Set<String> project = MAY_USE.get(layer);
            if (project == null) {
                return;
            }
            for (String to : targets) {
                boolean fine = to.startsWith(ROOT + ".") || to.equals(ROOT)
                        ? layer(to).equals(layer) || project.contains(layer(to))
                        : platformAllowed(layer, to);
                if (!fine) {
                    wrong.add(from + " -> " + to);
                }
            }
        });
        assertTrue(wrong.isEmpty(), () -> "arrows that the architecture does not have: " + wrong);
    }

    @Test
    void thereIsNoCycleBetweenPackages() {
        Map<String, Set<String>> arrows = arrows();
        for (String start : arrows.keySet()) {
            var seen = new HashSet<String>();
            var next = new ArrayList<>(inProject(arrows, start));
            while (!next.isEmpty()) {
                String at = next.remove(next.size() - 1);
                assertFalse(at.equals(start), "a cycle through " + start);
                if (seen.add(at)) {
                    next.addAll(inProject(arrows, at));
                }
            }
        }
    }

    @Test
    void theToolSeesThePackagesAtAll() {
        Set<String> seen = new TreeSet<>();
        arrows().keySet().forEach(name -> seen.add(layer(name)));
        assertTrue(seen.containsAll(MAY_USE.keySet()), () -> "jdeps reported only " + seen);
    }

    @Test
    void theCoreTakesNoThreadClockChanceOrSocketByItself() throws IOException {
        var wrong = new ArrayList<String>();
        for (String layer : MAY_USE.keySet()) {
            for (Path file : javaFiles(SOURCES.resolve(ROOT).resolve(layer.replace('.', '/')), 1)) {
                if (!EXEMPT.contains(file.getFileName().toString())) {
                    Matcher matcher = FORBIDDEN.matcher(withoutComments(Files.readString(file)));
                    if (matcher.find()) {
                        wrong.add(file + ": " + matcher.group());
                    }
                }
            }
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void nothingWaitsInsideSynchronized() throws IOException {
        var wrong = new ArrayList<Path>();
        for (Path file : javaFiles(SOURCES, Integer.MAX_VALUE)) {
            if (Pattern.compile("\\bsynchronized\\b").matcher(withoutComments(Files.readString(file))).find()) {
                wrong.add(file);
            }
        }
        assertEquals(List.of(), wrong, "virtual threads of JDK 21 are pinned inside synchronized");
    }

    @Test
    void everyPackageHasItsPage() throws IOException {
        var without = new TreeSet<Path>();
        for (Path file : javaFiles(SOURCES.resolve(ROOT), Integer.MAX_VALUE)) {
            if (!Files.exists(file.resolveSibling("package-info.java"))) {
                without.add(file.getParent());
            }
        }
        assertEquals(Set.of(), without);
    }

    private static String withoutComments(String source) {
        return source.replaceAll("(?s)/\\*.*?\\*/", "").replaceAll("//[^\n]*", "");
    }

    private static List<Path> javaFiles(Path folder, int depth) throws IOException {
        try (Stream<Path> files = Files.walk(folder, depth)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.endsWith("module-info.java"))
                    .toList();
        }
    }

    private static Set<String> inProject(Map<String, Set<String>> arrows, String from) {
        var targets = new TreeSet<String>();
        for (String to : arrows.getOrDefault(from, Set.of())) {
            if (arrows.containsKey(to)) {
                targets.add(to);
            }
        }
        return targets;
    }

    private static String layer(String packageName) {
        return packageName.equals(ROOT) ? "" : packageName.substring(ROOT.length() + 1);
    }

    private static boolean platformAllowed(String layer, String packageName) {
        if (packageName.equals("java.lang") || packageName.equals("java.util")
                || packageName.equals("java.lang.runtime") || packageName.equals("java.util.function")
                || packageName.equals("java.util.stream") || packageName.equals("java.io")
                || packageName.equals("java.util.concurrent") && layer.equals("ike")
                || packageName.equals("java.lang.invoke")) {
            return true;
        }
        return PLATFORM.get(layer).stream()
                .anyMatch(allowed -> packageName.equals(allowed)
                        || allowed.equals("org.bouncycastle") && packageName.startsWith("org.bouncycastle."));
    }

    /** Our module requires it, so the tool wants to see it. */
    private static String bouncyCastle() {
        return Path.of(URI.create(ECPoint.class.getProtectionDomain().getCodeSource().getLocation().toString()))
                .toString();
    }

    /** Each package with the packages it uses, itself left out. */
    private static Map<String, Set<String>> arrows() {
        var out = new StringWriter();
        var err = new StringWriter();
        ToolProvider jdeps = ToolProvider.findFirst("jdeps").orElseThrow();
        int status = jdeps.run(new PrintWriter(out), new PrintWriter(err),
                "-verbose:package", "-filter:none", "--multi-release", "base", "--ignore-missing-deps",
                "--module-path", bouncyCastle(), CLASSES.toString());
        assertEquals(0, status, () -> out + "\n" + err);
        var arrows = new TreeMap<String, Set<String>>();
        Pattern line = Pattern.compile("^\\s+(\\S+)\\s+->\\s+(\\S+)\\s+.*$|^\\s+->\\s+(\\S+)\\s+.*$");
        Pattern head = Pattern.compile("^\\s{3}(\\S+)\\s*(->.*)?$");
        String from = null;
        for (String text : out.toString().split("\n")) {
            Matcher arrow = line.matcher(text);
            if (arrow.matches()) {
                if (arrow.group(1) != null) {
                    from = arrow.group(1);
                }
                String to = arrow.group(2) != null ? arrow.group(2) : arrow.group(3);
                if (from != null && from.startsWith(ROOT) && !to.equals(from)) {
                    arrows.computeIfAbsent(from, x -> new TreeSet<>()).add(to);
                }
            } else {
                Matcher start = head.matcher(text);
                if (start.matches()) {
                    from = start.group(1);
                    if (from.startsWith(ROOT)) {
                        arrows.computeIfAbsent(from, x -> new TreeSet<>());
                    }
                }
            }
        }
        return arrows;
    }
}
