package jkipsec.interop;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DeviceProgramTest {
    @Test
    @Timeout(60)
    void aConnectionThatIsRefusedIsTheAnswerThoughOthersWaitForIt() throws Exception {
        // Of five, one is accepted and two wait to be; the others find nobody when they knock again.
        var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        String[] arguments = {"many", "127.0.0.1", String.valueOf(listener.getLocalPort()), "5"};
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Socket> accepted = executor.submit(() -> {
                try (listener) {
                    return listener.accept();
                }
            });
            var failed = assertThrows(ExecutionException.class, () -> DeviceProgram.main(arguments));
            assertTrue(failed.getMessage().contains("connecting: java.net."), failed.getMessage());
            accepted.get().close();
        }
    }
}
