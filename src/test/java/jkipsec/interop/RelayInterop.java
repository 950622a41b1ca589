package jkipsec.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import jkipsec.interop.Lab.Device;
import jkipsec.interop.Lab.Wiring;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A full tunnel: a strongSwan device sends everything, IPv4 and IPv6, to the gateway, which relays what is for the host
 * behind it, and nothing that is for the gateway's own machine. No other way leads from the device to that host.
 */
class RelayInterop extends LabTest {
    private static final int SIZE = 8 << 20;
    private static final List<String> BEHIND = List.of("10.78.0.2", "[fd78::2]");

    /** Nobody is at port 81. At port 80 of the gateway's addresses somebody is. */
    private static final List<String> REFUSED =
            List.of("10.78.0.2:81", "[fd78::2]:81", "169.254.169.254", "10.77.0.1", "10.78.0.1", "[fd78::1]");

    /** What curl says that was refused at once; it says something else when nothing answers. */
    private static final int COULD_NOT_CONNECT = 7;

    private static final Device DEVICE = Device.GCM.with("VIPS", "0.0.0.0, ::").with("REMOTE_TS", "0.0.0.0/0, ::/0");

    private final List<Process> servers = new ArrayList<>();
    private Path page;

    @BeforeEach
    void writeThePage() throws IOException {
        page = Files.createDirectory(folder.resolve("site")).resolve("page");
        byte[] octets = new byte[SIZE];
        new Random(1).nextBytes(octets);
        Files.write(page, octets);
    }

    @AfterEach
    void endTheServers() {
        servers.forEach(Process::destroyForcibly);
    }

    @ParameterizedTest
    @EnumSource(Wiring.class)
    void aDeviceReachesAWebServerAndAResolverBehindTheGatewayThroughAFullTunnel(Wiring wiring) throws Exception {
        try (Lab lab = new Lab(folder, wiring, DEVICE);
                var gateway = JkipsecProcess.serve(lab, folder, "--relay", "--pool6", "fd12::/64")) {
            lab.explaining(gateway, () -> {
                startServers(lab);
                lab.connect().succeeded();
                gateway.await("up    alice 10\\.8\\.0\\.\\d+ ");
                assertTrue(lab.status().contains("remote 0.0.0.0/0 ::/0"), lab::status);
                for (String host : BEHIND) {
                    getThePage(lab, "http://" + host + "/page");
                    List<String> addresses = ask(lab, host).succeeded().output().lines().toList();
                    assertEquals(List.of(ResolverProgram.IPV4, ResolverProgram.IPV6), addresses);
                    getThePage(lab, "http://" + ResolverProgram.NAME + "/page", "--resolve",
                            ResolverProgram.NAME + ":80:" + addresses.get(0));
                }
                for (String refused : REFUSED) {
                    Lab.Result none = lab.onDevice("curl", "-sS", "--max-time", "30", "http://" + refused + "/page");
                    assertEquals(COULD_NOT_CONNECT, none.status(), () -> refused + ": " + none.output());
                }
                String toItself = ask(lab, "10.78.0.1").failed().output();
                assertTrue(toItself.contains("NoRouteToHostException"), toItself);
                String asked = Files.readString(folder.resolve("resolver.log"));
                assertTrue(asked.contains("10.78.0.1") && asked.contains("fd78:0:0:0:0:0:0:1"), asked);
            });
        }
    }

    /** Web servers behind the gateway and on it, and a resolver behind it. */
    private void startServers(Lab lab) throws Exception {
        List<String> web = List.of(Lab.java(), "-m", "jdk.httpserver", "-b", "::", "-p", "80", "-d",
                page.getParent().toString());
        start(lab.forWeb(web), "web.log");
        start(lab.forGateway(web), "gateway-web.log");
        start(lab.forWeb(Lab.java(ResolverProgram.class)), "resolver.log");
        Lab.await("the web servers listen", () -> isAt(80, lab.onWeb("ss", "-Hltn"))
                && isAt(80, lab.onGateway("ss", "-Hltn")));
        Lab.await("the resolver listens", () -> isAt(53, lab.onWeb("ss", "-Hlun")));
    }

    private void start(ProcessBuilder server, String log) throws IOException {
        servers.add(server.redirectOutput(folder.resolve(log).toFile()).start());
    }

    private static boolean isAt(int port, Lab.Result sockets) {
        return sockets.succeeded().output().contains("*:" + port + " ");
    }

    private void getThePage(Lab lab, String url, String... options) throws IOException {
        Path copy = folder.resolve("copy");
        var command = new ArrayList<>(List.of("curl", "-sS", "--max-time", "80", "-o", copy.toString(), url));
        command.addAll(List.of(options));
        lab.onDevice(command.toArray(String[]::new)).succeeded();
        assertEquals(-1, Files.mismatch(page, copy), url);
    }

    /** Asks a resolver for the addresses of a name. */
    private static Lab.Result ask(Lab lab, String server) {
        return lab.onDevice(Lab.java(DeviceProgram.class, "resolve", server, ResolverProgram.NAME)
                .toArray(String[]::new));
    }
}
