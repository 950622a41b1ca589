package jkipsec.esp;

import jkipsec.crypto.CipherSuite;
import jkipsec.crypto.PacketCipher;

/** What a packet grows by in the tunnel: pure arithmetic on lengths. */
public final class EspOverhead {
    /** Octets of pad length and next header. */
    static final int TRAILER_LENGTH = 2;

    private static final int IPV4_HEADER_LENGTH = 20;
    private static final int IPV6_HEADER_LENGTH = 40;
    private static final int UDP_HEADER_LENGTH = 8;

    private EspOverhead() {}

    /**
     * The length of the ESP packet an inner packet becomes.
     *
     * @param suite how it is sealed
     * @param innerLength the inner packet's length in octets
     * @return octets from the SPI to the end of the ICV, without UDP and outer IP header
     */
    public static int sealedLength(CipherSuite suite, int innerLength) {
        return PacketCipher.ESP_HEADER_LENGTH + suite.ivLength() + innerLength
                + padLength(innerLength, alignment(suite.blockSize())) + TRAILER_LENGTH + suite.icvLength();
    }

    /**
     * The largest inner packet whose tunnel packet, with UDP and outer IP header, an outer path carries whole.
     *
     * @param suite how it is sealed
     * @param outerMtu the outer path's MTU: octets of a whole outer IP packet
     * @param outerIpv6 whether the outer packets are IPv6, without extension headers, or IPv4, without options
     * @return octets of the inner IP packet
     * @throws IllegalArgumentException when not even an empty packet fits
     */
    public static int innerMtu(CipherSuite suite, int outerMtu, boolean outerIpv6) {
        int around = (outerIpv6 ? IPV6_HEADER_LENGTH : IPV4_HEADER_LENGTH) + UDP_HEADER_LENGTH
                + PacketCipher.ESP_HEADER_LENGTH + suite.ivLength() + suite.icvLength();
        int text = outerMtu - around;
        int inner = text - Math.floorMod(text, alignment(suite.blockSize())) - TRAILER_LENGTH;
        if (inner < 0) {
            throw new IllegalArgumentException("an outer MTU of " + outerMtu + " octets holds no " + suite
                    + " packet, which begins at " + (around + alignment(suite.blockSize())));
        }
        return inner;
    }

    /** What the ciphertext's length must be a multiple of, RFC 4303 §2.4. */
    static int alignment(int blockSize) {
        return Math.max(4, blockSize);
    }

    /** How much padding aligns an inner packet and the trailer. */
    static int padLength(int innerLength, int alignment) {
        return Math.floorMod(-(innerLength + TRAILER_LENGTH), alignment);
    }
}
