package jkipsec.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jkipsec.Destinations;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which DNS servers devices are told when traffic is relayed. */
class RelayWordsTest {
    @TempDir
    Path folder;

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    @Test
    void theServersOfTheMachineThatDevicesCanReach() throws IOException {
        Path file = file("resolv.conf", """
                # a comment
                search example.com
                nameserver 192.0.2.53
                nameserver 127.0.0.53
                nameserver\t2001:db8::53
                nameserver fe80::1%eth0
                nameserver
                """);
        assertEquals(List.of("192.0.2.53", "2001:db8::53"), RelayWords.resolvers(List.of(file), Destinations.all()));
        assertEquals(List.of("2001:db8::53"),
                RelayWords.resolvers(List.of(file), Destinations.all().deny("192.0.2.0/24")));
    }

    @Test
    void behindAResolverOfTheMachinesOwnAreTheRealOnes() throws IOException {
        Path stub = file("stub", "nameserver 127.0.0.53\n");
        Path real = file("real", "nameserver 192.0.2.53\n");
        Path absent = folder.resolve("absent");
        assertEquals(List.of("192.0.2.53"),
                RelayWords.resolvers(List.of(absent, stub, real), Destinations.all()));
        assertEquals(List.of(), RelayWords.resolvers(List.of(absent, stub), Destinations.all()));
    }
}
