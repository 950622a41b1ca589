package jkipsec.interop;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** What the tests in the laboratory begin with: a machine that has what is needed, and a folder of their own. */
abstract class LabTest {
    @TempDir
    Path folder;

    @BeforeAll
    static void thisMachineHasWhatIsNeeded() {
        Lab.check();
    }

    /** What a test does with a charon that has not connected yet and a gateway that listens. */
    @FunctionalInterface
    interface Listening {
        void run(Lab lab, JkipsecProcess gateway) throws Exception;
    }

    /** What a test does with a tunnel that is up; the address is the device's, inside. */
    @FunctionalInterface
    interface Connected {
        void run(Lab lab, JkipsecProcess gateway, String address) throws Exception;
    }
}
