package jkipsec.interop;

import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What a program on the device does to the gateway's echo service, with the TCP of the device's kernel.
 *
 * <pre>
 *   java jkipsec.interop.DeviceProgram many HOST PORT CONNECTIONS      all open at once, each echoes 16 KiB
 *   java jkipsec.interop.DeviceProgram keys HOST PORT COUNT            octets one by one, as somebody types
 * </pre>
 */
public final class DeviceProgram {
    private static final int EACH = 16 << 10;

    private DeviceProgram() {}

    /**
     * Runs, and fails when anything does.
     *
     * @param arguments what to do
     * @throws Exception when an echo is not what was sent, or a connection breaks
     */
    public static void main(String[] arguments) throws Exception {
        String host = arguments[1];
        int port = Integer.parseInt(arguments[2]);
        int count = Integer.parseInt(arguments[3]);
        if (arguments[0].equals("many")) {
            many(host, port, count);
        } else {
            keys(host, port, count);
        }
    }

    private static void many(String host, int port, int count) throws InterruptedException, ExecutionException {
        var allOpen = new CountDownLatch(count);
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var echoes = new ArrayList<Future<Void>>();
            for (int i = 0; i < count; i++) {
                int seed = i;
                echoes.add(executor.submit(() -> {
                    try (Socket socket = new Socket(host, port)) {
                        allOpen.countDown();
                        allOpen.await();
                        echo(socket, seed);
                    }
                    return null;
                }));
            }
            for (Future<Void> echo : echoes) {
                echo.get();
            }
        }
        System.out.println(count + " connections at once, each echo identical");
    }

    private static void echo(Socket socket, int seed) throws IOException {
        byte[] sent = new byte[EACH];
        new SplittableRandom(seed).nextBytes(sent);
        socket.getOutputStream().write(sent);
        socket.shutdownOutput();
        if (!Arrays.equals(sent, socket.getInputStream().readAllBytes())) {
            throw new IOException("connection " + seed + " got something else back");
        }
    }

    private static void keys(String host, int port, int count) throws IOException {
        long[] nanos = new long[count];
        try (Socket socket = new Socket(host, port)) {
            socket.setTcpNoDelay(true);
            for (int i = 0; i < count; i++) {
                long start = System.nanoTime();
                socket.getOutputStream().write(i);
                if (socket.getInputStream().read() != (i & 0xff)) {
                    throw new IOException("octet " + i + " came back as another");
                }
                nanos[i] = System.nanoTime() - start;
            }
        }
        Arrays.sort(nanos);
        System.out.printf("%d octets echoed one by one: median %.0f µs, 99th of 100 %.0f µs%n", count,
                nanos[count / 2] / 1e3, nanos[count * 99 / 100] / 1e3);
    }
}
