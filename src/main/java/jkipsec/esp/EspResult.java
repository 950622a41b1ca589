package jkipsec.esp;

import jkipsec.bytes.PacketBuffer;

/** What became of a received ESP packet. */
public sealed interface EspResult {
    /**
     * It is authentic and new.
     *
     * @param inner the decrypted packet, a view of the datagram's array; octets of traffic flow confidentiality
     *        padding may stand behind an IP packet (RFC 4303 §2.7)
     * @param nextHeader the protocol of the inner packet: 4 for IPv4, 41 for IPv6
     * @param sequence its sequence number, from 1; all 64 bits with extended numbers
     */
    record Opened(PacketBuffer inner, int nextHeader, long sequence) implements EspResult {}

    /**
     * It is dropped.
     *
     * @param reason why
     */
    record Dropped(EspDrop reason) implements EspResult {}
}
