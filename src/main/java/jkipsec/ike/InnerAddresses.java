package jkipsec.ike;

import java.util.List;
import jkipsec.ip.IpAddress;

/**
 * The addresses inside a tunnel, as the configuration payload settled them (RFC 7296 §2.19).
 *
 * @param device the address of the device, the IKE initiator
 * @param gateway the address at which the gateway answers inside the tunnel
 * @param dns the DNS servers the device is told, perhaps none
 */
public record InnerAddresses(IpAddress device, IpAddress gateway, List<IpAddress> dns) {
    /** Copies the list. */
    public InnerAddresses {
        dns = List.copyOf(dns);
    }
}
