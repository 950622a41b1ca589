package jkipsec.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import jkipsec.interop.Lab.Device;
import jkipsec.interop.Lab.Wiring;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The traffic of a strongSwan device to a host in a network behind the gateway, which only the gateway can reach. */
class RelayInterop {
    private static final int SIZE = 8 << 20;

    /** What curl says that was refused at once; it says something else when nothing answers. */
    private static final int COULD_NOT_CONNECT = 7;

    /** All of it would take the route to the gateway with it, which charon's ESP in user space cannot keep apart. */
    private static final Device DEVICE = Device.GCM.with("REMOTE_TS", "10.8.0.1/32, 10.78.0.0/24, 169.254.0.0/16");

    @TempDir
    Path folder;

    @BeforeAll
    static void thisMachineHasWhatIsNeeded() {
        Lab.check();
    }

    @ParameterizedTest
    @EnumSource(Wiring.class)
    void aDeviceReachesAWebServerAndAResolverBehindTheGateway(Wiring wiring) throws Exception {
        Path site = Files.createDirectory(folder.resolve("site"));
        byte[] page = new byte[SIZE];
        new Random(1).nextBytes(page);
        Files.write(site.resolve("page"), page);
        try (Lab lab = new Lab(folder, wiring, DEVICE);
                var gateway = JkipsecProcess.serve(lab, folder, "--relay")) {
            lab.explaining(gateway, () -> {
                lab.connect().succeeded();
                Matcher up = gateway.await("up    alice (10\\.8\\.0\\.\\d+) ");
                Process web = web(lab, Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-m",
                        "jdk.httpserver", "-b", "10.78.0.2", "-p", "80", "-d", site.toString());
                Process resolver = web(lab, "socat", "UDP-RECVFROM:53,fork", "EXEC:cat");
                try {
                    Path copy = folder.resolve("copy");
                    lab.onDevice("curl", "-sS", "--retry", "20", "--retry-connrefused", "--retry-delay", "1",
                            "--max-time", "60", "--interface", up.group(1), "-o", copy.toString(),
                            "http://10.78.0.2/page").succeeded();
                    assertEquals(-1, Files.mismatch(site.resolve("page"), copy));
                    String answer = lab.onDevice("sh", "-c", "echo a query of " + up.group(1)
                            + " | socat -t 5 - UDP:10.78.0.2:53,bind=" + up.group(1)).succeeded().output();
                    assertTrue(answer.contains("a query of " + up.group(1)), answer);
                    for (String refused : List.of("http://10.78.0.2:81/", "http://169.254.169.254/")) {
                        var none = lab.onDevice("curl", "-sS", "--max-time", "20", refused).failed();
                        assertEquals(COULD_NOT_CONNECT, none.status(), none.output());
                    }
                } finally {
                    web.destroyForcibly();
                    resolver.destroyForcibly();
                }
            });
        }
    }

    private Process web(Lab lab, String... command) throws IOException {
        return lab.forWeb(List.of(command)).redirectOutput(folder.resolve("web.log").toFile()).start();
    }
}
