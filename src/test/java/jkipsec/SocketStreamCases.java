package jkipsec;

import static jkipsec.SocketCase.of;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;

/** Reading and writing while the connection stands. */
final class SocketStreamCases {
    private static final int LARGE = 300_000;

    private SocketStreamCases() {}

    static List<SocketCase> all() {
        return List.of(
                of("what is written is read", stage -> {
                    var pair = stage.pair();
                    pair.near().getOutputStream().write(new byte[] {1, 2, -1});
                    InputStream in = pair.far().getInputStream();
                    stage.note("one", in.read());
                    byte[] rest = new byte[5];
                    stage.note("more", in.readNBytes(rest, 1, 2));
                    stage.note("where", Arrays.toString(rest));
                    pair.far().getOutputStream().write(0x1ff);
                    stage.note("the low octet", pair.near().getInputStream().read());
                }),
                of("reading and writing nothing does nothing", stage -> {
                    var pair = stage.pair();
                    InputStream in = pair.near().getInputStream();
                    OutputStream out = pair.near().getOutputStream();
                    stage.note("read", in.read(new byte[0]));
                    stage.note("read at the end of an array", in.read(new byte[3], 3, 0));
                    stage.does("write", () -> out.write(new byte[0]));
                    pair.near().close();
                    stage.tries("read when closed", () -> in.read(new byte[0]));
                    stage.does("write when closed", () -> out.write(new byte[0]));
                }),
                of("places outside an array are refused", stage -> {
                    var pair = stage.pair();
                    InputStream in = pair.near().getInputStream();
                    OutputStream out = pair.near().getOutputStream();
                    for (int[] place : new int[][] {{-1, 1}, {0, -1}, {2, 2}, {4, 0}, {0, 4}, {1, Integer.MAX_VALUE}}) {
                        String where = Arrays.toString(place);
                        stage.tries("read " + where, () -> in.read(new byte[3], place[0], place[1]));
                        stage.does("write " + where, () -> out.write(new byte[3], place[0], place[1]));
                    }
                    stage.note("read null", thrownBy(() -> in.read(null, 0, 1)));
                    stage.note("write null", thrownBy(() -> out.write(null, 0, 1)));
                }),
                of("available says what can be read at once", stage -> {
                    var pair = stage.pair();
                    InputStream in = pair.near().getInputStream();
                    stage.note("at first", in.available());
                    pair.far().getOutputStream().write(new byte[10]);
                    in.read();
                    stage.note("then", in.available());
                    in.readNBytes(9);
                    stage.note("at last", in.available());
                    pair.near().close();
                    stage.tries("when closed", in::available);
                }),
                of("the rest of InputStream works", stage -> {
                    var pair = stage.pair();
                    byte[] sent = octets(1000, 1);
                    pair.far().getOutputStream().write(sent);
                    pair.far().shutdownOutput();
                    InputStream in = pair.near().getInputStream();
                    stage.note("mark", in.markSupported());
                    in.mark(10);
                    stage.does("reset", in::reset);
                    in.skipNBytes(10);
                    stage.note("after skipping", in.read());
                    stage.note("skipped", in.skip(9) > 0);
                    stage.note("some", in.readNBytes(20).length);
                    var rest = new ByteArrayOutputStream();
                    long transferred = in.transferTo(rest);
                    stage.note("transferred all", transferred == rest.size());
                    stage.note("last", rest.toByteArray()[rest.size() - 1]);
                    stage.note("all that is left", in.readAllBytes().length);
                    stage.note("skipped at the end", in.skip(5));
                    stage.does("skipped past the end", () -> in.skipNBytes(5));
                }),
                of("a stream transfers to a socket", stage -> {
                    var pair = stage.pair();
                    var other = stage.pair();
                    var copying = Waiter.start(() -> {
                        long copied = pair.far().getInputStream().transferTo(other.near().getOutputStream());
                        other.near().shutdownOutput();
                        return copied;
                    });
                    var sending = Waiter.start(() -> Loopback.send(pair.near(), LARGE, 9));
                    stage.note("digest", Loopback.receive(other.far()));
                    stage.note("sent", sending.result());
                    stage.note("copied", copying.result());
                }),
                of("both ways at once lose nothing", stage -> {
                    var pair = stage.pair();
                    var up = Waiter.start(() -> Loopback.send(pair.near(), 2_000_000, 5));
                    var down = Waiter.start(() -> Loopback.send(pair.far(), 2_000_000, 6));
                    var below = Waiter.start(() -> Loopback.receive(pair.near()));
                    stage.note("up", Loopback.receive(pair.far()));
                    stage.note("up sent", up.result());
                    stage.note("down", below.result());
                    stage.note("down sent", down.result());
                }),
                of("writers take turns, an array at a time", stage -> {
                    var pair = stage.pair();
                    var one = Waiter.start(() -> written(pair.near(), LARGE, 1));
                    var two = Waiter.startPlatform(() -> written(pair.near(), LARGE, 2));
                    byte[] all = pair.far().getInputStream().readNBytes(2 * LARGE);
                    stage.note("written", one.result() && two.result());
                    stage.note("first whole", uniform(all, 0));
                    stage.note("second whole", uniform(all, LARGE));
                    stage.note("both", all[0] + all[LARGE]);
                }),
                of("readers share what comes", stage -> {
                    var pair = stage.pair();
                    var one = Waiter.start(() -> pair.near().getInputStream().readAllBytes().length);
                    var two = Waiter.startPlatform(() -> pair.near().getInputStream().readAllBytes().length);
                    pair.far().getOutputStream().write(new byte[LARGE]);
                    pair.far().shutdownOutput();
                    stage.note("together", one.result() + two.result());
                }),
                of("a reader and a writer do not wait for each other", stage -> {
                    var pair = stage.pair();
                    var reader = stage.waiting(true, () -> pair.near().getInputStream().read());
                    pair.near().getOutputStream().write(7);
                    stage.note("written", pair.far().getInputStream().read());
                    pair.far().getOutputStream().write(8);
                    stage.note("read", reader.result());
                }),
                of("a slow reader holds the writer back and loses nothing", stage -> {
                    var pair = stage.pair();
                    var writer = stage.waiting(true, () -> Loopback.send(pair.near(), 24_000_000, 4));
                    stage.note("read", Loopback.receive(pair.far()));
                    stage.note("written", writer.result());
                }));
    }

    private static byte[] octets(int length, int step) {
        byte[] array = new byte[length];
        for (int i = 0; i < length; i++) {
            array[i] = (byte) (i * step);
        }
        return array;
    }

    private static boolean written(Socket socket, int length, int octet) throws Exception {
        byte[] array = new byte[length];
        Arrays.fill(array, (byte) octet);
        socket.getOutputStream().write(array);
        return true;
    }

    private static boolean uniform(byte[] all, int from) {
        for (int i = from; i < from + LARGE; i++) {
            if (all[i] != all[from]) {
                return false;
            }
        }
        return true;
    }

    private static String thrownBy(SocketStage.Deed deed) throws Exception {
        try {
            deed.run();
            return "nothing";
        } catch (NullPointerException e) {
            return "NullPointerException";
        }
    }
}
