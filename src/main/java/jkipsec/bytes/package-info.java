/**
 * Octets: the bounds-checked reader and writer every codec is built on, packets with room around them for the next
 * layer's headers, key material that does not print, the source of randomness the core is given, and a limit on how often
 * something happens.
 *
 * <p>All integers are in network byte order. Nothing here knows a protocol, a thread or a clock. Classes are confined
 * to the thread that made them unless they say otherwise.
 */
package jkipsec.bytes;
