package jkipsec.interop;

import java.io.IOException;
import java.net.Socket;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.naming.Context;
import javax.naming.NamingException;
import javax.naming.directory.InitialDirContext;

/**
 * What a program on the device does, with the TCP and UDP of the device's kernel: to the gateway's echo service, or to a
 * DNS server.
 *
 * <pre>
 *   java jkipsec.interop.DeviceProgram many HOST PORT CONNECTIONS      all open at once, each echoes 16 KiB
 *   java jkipsec.interop.DeviceProgram keys HOST PORT COUNT            octets one by one, as somebody types
 *   java jkipsec.interop.DeviceProgram resolve SERVER NAME             prints the addresses of types A and AAAA
 * </pre>
 */
public final class DeviceProgram {
    private static final int EACH = 16 << 10;
    private static final int PATIENCE_SECONDS = 120;

    private DeviceProgram() {}

    /**
     * Runs, and fails when anything does.
     *
     * @param arguments what to do
     * @throws Exception when an echo is not what was sent, or a connection breaks
     */
    public static void main(String[] arguments) throws Exception {
        String host = arguments[1];
        switch (arguments[0]) {
            case "many" -> many(host, Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]));
            case "keys" -> keys(host, Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]));
            default -> resolve(host, arguments[2]);
        }
    }

    /** Ends with the first that fails, or tells how far each had come when they take too long. */
    private static void many(String host, int port, int count) throws Exception {
        var allOpen = new CountDownLatch(count);
        var progress = new ConcurrentHashMap<Integer, String>();
        var echoes = new ExecutorCompletionService<Void>(Executors.newVirtualThreadPerTaskExecutor());
        for (int i = 0; i < count; i++) {
            int number = i;
            echoes.submit(() -> {
                echo(host, port, number, allOpen, progress);
                return null;
            });
        }
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        for (int i = 0; i < count; i++) {
            Future<Void> echo = echoes.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (echo == null) {
                throw new TimeoutException(i + " of " + count + " connections done after " + PATIENCE_SECONDS
                        + " s; the others are " + progress.values().stream()
                                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting())));
            }
            echo.get();
        }
        System.out.println(count + " connections at once, each echo identical");
    }

    private static void echo(String host, int port, int number, CountDownLatch allOpen, Map<Integer, String> progress)
            throws IOException, InterruptedException {
        progress.put(number, "connecting");
        try (Socket socket = new Socket(host, port)) {
            progress.put(number, "waiting for the others to connect");
            allOpen.countDown();
            allOpen.await();
            byte[] sent = new byte[EACH];
            new SplittableRandom(number).nextBytes(sent);
            progress.put(number, "writing");
            socket.getOutputStream().write(sent);
            socket.shutdownOutput();
            progress.put(number, "reading");
            if (!Arrays.equals(sent, socket.getInputStream().readAllBytes())) {
                throw new IOException("not what was sent");
            }
            progress.remove(number);
        } catch (IOException failed) {
            throw new IOException("connection " + number + ", " + progress.get(number) + ": " + failed, failed);
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

    private static void resolve(String server, String name) throws NamingException {
        var environment = new Hashtable<String, String>();
        environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
        environment.put(Context.PROVIDER_URL, "dns://" + server);
        var context = new InitialDirContext(environment);
        for (String type : List.of("A", "AAAA")) {
            System.out.println(context.getAttributes(name, new String[] {type}).get(type).get());
        }
    }
}
