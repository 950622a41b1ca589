package jkipsec.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A strongSwan device, whose TCP is Linux's, uses the services of a program, and the program those of the device. */
class TcpServicesInterop extends LabTest {
    private static final int MEBIBYTES = 256;

    private Lab lab;
    private JkipsecProcess program;

    @BeforeEach
    void connect() throws IOException {
        lab = new Lab(folder, Wiring.PLAIN, Device.GCM);
        program = JkipsecProcess.program(lab, ServicesProgram.class);
        lab.explaining(program, () -> {
            lab.connect().succeeded();
            program.await("up alice");
        });
    }

    @AfterEach
    void end() {
        if (program != null) {
            program.close();
        }
        if (lab != null) {
            lab.close();
        }
    }

    @Test
    void curlDownloadsFromTheProgram() throws Exception {
        Path file = folder.resolve("noise");
        device("download to the device", "curl", "-sS", "-o", file.toString(), "-w", "%{speed_download}",
                "http://10.8.0.1/" + MEBIBYTES);
        assertEquals(ServicesProgram.noiseDigest(MEBIBYTES), sha256(file));
    }

    @Test
    void curlUploadsToTheProgram() throws Exception {
        Path file = noise();
        Path answer = folder.resolve("answer");
        device("upload from the device", "curl", "-sS", "-T", file.toString(), "-o", answer.toString(), "-w",
                "%{speed_upload}", "http://10.8.0.1/");
        assertEquals(sha256(file), Files.readString(answer).strip());
    }

    @Test
    void theProgramDownloadsFromTheDevice() throws Exception {
        Path file = noise();
        Process server = lab.forDevice(List.of(Lab.java(), "-m", "jdk.httpserver", "-b", "0.0.0.0", "-p", "8000",
                "-d", folder.toString())).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        try {
            Lab.await("the device's HTTP server answers", () -> lab.onDevice("nc", "-z", "127.0.0.1", "8000")
                    .status() == 0);
            lab.explaining(program, () -> {
                program.tell("8000 /" + file.getFileName());
                assertEquals("HTTP/1.1 200 OK " + Files.size(file) + " " + sha256(file),
                        program.await("^got (.*)").group(1));
            });
        } finally {
            server.destroyForcibly();
        }
    }

    @Test
    void iperf3MeasuresBothDirections() throws Exception {
        Process server = lab.forGateway(List.of("iperf3", "-s", "-B", "127.0.0.1"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        try {
            Lab.await("iperf3 listens", () -> lab.onGateway("nc", "-z", "127.0.0.1", "5201").status() == 0);
            assertTrue(iperf("device to program") > 0);
            assertTrue(iperf("program to device", "-R") > 0);
        } finally {
            server.destroyForcibly();
        }
    }

    @Test
    void fiveHundredConnectionsAtOnceEcho() {
        device("connections", Lab.java(DeviceProgram.class, "many", "10.8.0.1", "7", "500").toArray(String[]::new));
    }

    @Test
    void keysAreEchoedOneByOne() {
        device("keys", Lab.java(DeviceProgram.class, "keys", "10.8.0.1", "7", "1000").toArray(String[]::new));
    }

    private double iperf(String what, String... more) {
        List<String> command = new ArrayList<>(List.of("iperf3", "-c", "10.8.0.1", "-t", "5", "-J"));
        command.addAll(List.of(more));
        String report = onDevice(command.toArray(String[]::new));
        Matcher received = Pattern.compile("\"sum_received\":[^}]*\"bits_per_second\":\\s*([0-9.e+]+)").matcher(report);
        assertTrue(received.find(), report);
        double rate = Double.parseDouble(received.group(1)) / 1e6;
        System.err.printf("iperf3, %s: %.0f Mbit/s%n", what, rate);
        return rate;
    }

    /** Runs a command on the device; tells what it printed. */
    private void device(String what, String... command) {
        System.err.println(what + ": " + onDevice(command).strip());
    }

    /** Runs a command on the device; gives what it printed, and when it fails, shows what the program had to say. */
    private String onDevice(String... command) {
        var output = new StringBuilder();
        lab.explaining(program, () -> output.append(lab.onDevice(command).succeeded().output()));
        return output.toString();
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
}
