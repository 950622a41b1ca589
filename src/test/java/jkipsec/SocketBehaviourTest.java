package jkipsec;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** A tunnel's sockets behave as the JDK's: the same is done with both, and what can be seen is compared. */
class SocketBehaviourTest {
    private static Loopback tunnel;

    @BeforeAll
    static void start() throws Exception {
        tunnel = Loopback.start();
    }

    @AfterAll
    static void stop() {
        tunnel.close();
    }

    @TestFactory
    Stream<DynamicTest> states() {
        return compared(SocketStateCases.all());
    }

    @TestFactory
    Stream<DynamicTest> connecting() {
        return compared(SocketConnectCases.all());
    }

    @TestFactory
    Stream<DynamicTest> streams() {
        return compared(SocketStreamCases.all());
    }

    @TestFactory
    Stream<DynamicTest> ends() {
        return compared(SocketEndCases.all());
    }

    @TestFactory
    Stream<DynamicTest> waiting() {
        return compared(SocketWaitCases.all());
    }

    @TestFactory
    Stream<DynamicTest> options() {
        return compared(SocketOptionCases.all());
    }

    @TestFactory
    Stream<DynamicTest> servers() {
        return compared(ServerSocketCases.all());
    }

    private static Stream<DynamicTest> compared(List<SocketCase> cases) {
        SocketWorld jdk = SocketWorld.ofTheJdk();
        SocketWorld ours = SocketWorld.inside(tunnel);
        return cases.stream().map(each -> DynamicTest.dynamicTest(each.name(), () -> each.compare(jdk, ours)));
    }
}
