package jkipsec.interop;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A DNS server (RFC 1035) for devices to ask, on UDP port 53 of all addresses of the host behind the gateway. It knows
 * {@value #NAME}, which has the addresses {@value #IPV4} and {@value #IPV6}, and no other name.
 */
public final class ResolverProgram {
    /** The name it knows. */
    static final String NAME = "www.example.com";
    /** Its address of type A. */
    static final String IPV4 = "10.78.0.2";
    /** Its address of type AAAA. */
    static final String IPV6 = "fd78::2";

    private static final int HEADER = 12;
    private static final int TYPE_A = 1;
    private static final int TYPE_AAAA = 28;
    /** Where the header says that a name begins. */
    private static final int POINTER_TO_QUESTION = 0xc000 | HEADER;
    /** A response with authority, and the client's recursion bit given back. */
    private static final int RESPONSE = 0x8580;
    private static final int NO_SUCH_NAME = 3;
    private static final int TTL_SECONDS = 60;

    private ResolverProgram() {}

    /**
     * Runs until it is killed.
     *
     * @param arguments none
     * @throws IOException when it cannot listen
     */
    public static void main(String[] arguments) throws IOException {
        try (var socket = new DatagramSocket(53)) {
            System.out.println("listening");
            while (true) {
                var query = new DatagramPacket(new byte[512], 512);
                socket.receive(query);
                System.out.println("a query of " + query.getSocketAddress());
                byte[] answer = answer(ByteBuffer.wrap(query.getData(), 0, query.getLength()));
                socket.send(new DatagramPacket(answer, answer.length, query.getSocketAddress()));
            }
        }
    }

    private static byte[] answer(ByteBuffer query) throws IOException {
        short id = query.getShort();
        query.position(HEADER);
        var name = new StringBuilder();
        for (int length = query.get(); length > 0; length = query.get()) {
            byte[] label = new byte[length];
            query.get(label);
            name.append(name.isEmpty() ? "" : ".").append(new String(label, StandardCharsets.US_ASCII));
        }
        int type = query.getShort();
        query.getShort();
        boolean known = name.toString().equalsIgnoreCase(NAME);
        String address = Map.of(TYPE_A, IPV4, TYPE_AAAA, IPV6).get(type);
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.writeShort(id);
        out.writeShort(known ? RESPONSE : RESPONSE | NO_SUCH_NAME);
        out.writeShort(1);
        out.writeShort(known && address != null ? 1 : 0);
        out.writeInt(0);
        out.write(query.array(), HEADER, query.position() - HEADER);
        if (known && address != null) {
            byte[] data = InetAddress.getByName(address).getAddress();
            out.writeShort(POINTER_TO_QUESTION);
            out.writeShort(type);
            out.writeShort(1);
            out.writeInt(TTL_SECONDS);
            out.writeShort(data.length);
            out.write(data);
        }
        return bytes.toByteArray();
    }
}
