/**
 * Tests against an IKEv2 implementation that none of us wrote: strongSwan's charon, as the device, in a network
 * namespace of its own. They run with {@code mvn verify -Pinterop} only, and need Linux, root and the packages that
 * {@code .ci/run} installs.
 */
package jkipsec.interop;
