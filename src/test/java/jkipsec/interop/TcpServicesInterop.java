package jkipsec.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jkipsec.interop.Lab.Device;
import jkipsec.interop.Lab.Wiring;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A strongSwan device, whose TCP is Linux's, uses the services of a program, and the program those of the device. */
class TcpServicesInterop {
    private static final int MEBIBYTES = 256;

    @TempDir
    Path folder;

    private Lab lab;
    private Process program;
    private BufferedReader says;
    private PrintWriter told;

    @BeforeAll
    static void thisMachineHasWhatIsNeeded() {
        Lab.check();
    }

    @BeforeEach
    void connect() throws IOException {
        lab = new Lab(folder, Wiring.PLAIN, Device.GCM);
        program = lab.forGateway(java(ServicesProgram.class)).start();
        says = program.inputReader();
        told = new PrintWriter(program.outputWriter(), true);
        await("serving");
        lab.connect().succeeded();
        await("up alice");
    }

    @AfterEach
    void end() {
        if (program != null) {
            program.destroyForcibly();
        }
        if (lab != null) {
            lab.close();
        }
    }

    @Test
    void curlDownloadsFromTheProgram() throws Exception {
        Path file = folder.resolve("noise");
        print("download to the device", lab.onDevice("curl", "-sS", "-o", file.toString(), "-w", "%{speed_download}",
                "http://10.8.0.1/" + MEBIBYTES));
        assertEquals(ServicesProgram.noiseDigest(MEBIBYTES), sha256(file));
    }

    @Test
    void curlUploadsToTheProgram() throws Exception {
        Path file = noise();
        Path answer = folder.resolve("answer");
        print("upload from the device", lab.onDevice("curl", "-sS", "-T", file.toString(), "-o", answer.toString(), "-w",
                "%{speed_upload}", "http://10.8.0.1/"));
        assertEquals(sha256(file), Files.readString(answer).strip());
    }

    @Test
    void theProgramDownloadsFromTheDevice() throws Exception {
        Path file = noise();
        Process server = lab.forDevice(List.of(javaExecutable(), "-m", "jdk.httpserver", "-b", "0.0.0.0", "-p", "8000",
                "-d", folder.toString())).start();
        try {
            Lab.await("the device's HTTP server answers", () -> lab.onDevice("nc", "-z", "127.0.0.1", "8000")
                    .status() == 0);
            told.println("8000 /" + file.getFileName());
            assertEquals("HTTP/1.1 200 OK " + Files.size(file) + " " + sha256(file), await("got "));
        } finally {
            server.destroyForcibly();
        }
    }

    @Test
    void iperf3MeasuresBothDirections() throws Exception {
        Process server = lab.forGateway(List.of("iperf3", "-s", "-B", "127.0.0.1")).start();
        try {
            Lab.await("iperf3 listens", () -> lab.onGateway("nc", "-z", "127.0.0.1", "5201").status() == 0);
            assertTrue(iperf("device to program") > 0);
            assertTrue(iperf("program to device", "-R") > 0);
        } finally {
            server.destroyForcibly();
        }
    }

    @Test
    void fiveHundredConnectionsAtOnceEcho() throws Exception {
        print("connections", lab.onDevice(java(DeviceProgram.class, "many", "10.8.0.1", "7", "500")
                .toArray(String[]::new)));
    }

    @Test
    void keysAreEchoedOneByOne() throws Exception {
        print("keys", lab.onDevice(java(DeviceProgram.class, "keys", "10.8.0.1", "7", "1000").toArray(String[]::new)));
    }

    private double iperf(String what, String... more) {
        List<String> command = new ArrayList<>(List.of("iperf3", "-c", "10.8.0.1", "-t", "5", "-J"));
        command.addAll(List.of(more));
        String report = lab.onDevice(command.toArray(String[]::new)).succeeded().output();
        Matcher received = Pattern.compile("\"sum_received\":[^}]*\"bits_per_second\":\\s*([0-9.e+]+)").matcher(report);
        assertTrue(received.find(), report);
        double rate = Double.parseDouble(received.group(1)) / 1e6;
        System.err.printf("iperf3, %s: %.0f Mbit/s%n", what, rate);
        return rate;
    }

    private static void print(String what, Lab.Result result) {
        System.err.println(what + ": " + result.succeeded().output().strip());
    }

    /** Waits for a line that begins so; gives what follows. */
    private String await(String beginning) throws IOException {
        for (String line = says.readLine(); line != null; line = says.readLine()) {
            if (line.startsWith(beginning)) {
                return line.substring(beginning.length());
            }
        }
        throw new AssertionError("the program ended before it said '" + beginning + "'");
    }

    private Path noise() throws IOException {
        Path file = folder.resolve("noise.bin");
        var random = new SplittableRandom(1);
        byte[] chunk = new byte[1 << 20];
        try (var out = Files.newOutputStream(file)) {
            for (int i = 0; i < MEBIBYTES; i++) {
                random.nextBytes(chunk);
                out.write(chunk);
            }
        }
        return file;
    }

    private static String sha256(Path file) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (var in = Files.newInputStream(file)) {
            byte[] chunk = new byte[1 << 20];
            for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
                digest.update(chunk, 0, count);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static String javaExecutable() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static List<String> java(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(javaExecutable(), "-cp",
                System.getProperty("java.class.path") + ":" + System.getProperty("jdk.module.path", ""),
                main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }
}
