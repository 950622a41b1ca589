package jkipsec.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ArgumentsTest {
    private static final List<Option> OPTIONS = List.of(Option.one("--bind", "ADDRESS", "Where."),
            Option.many("--echo", "PORT", "Echo."), Option.flag("--once", "Once."));

    @Test
    void valuesFollowTheirOptionOrAnEqualsSign() throws UsageError {
        assertEquals(Optional.of("::1"), parse("--bind", "::1").get("--bind"));
        assertEquals(Optional.of("a=b"), parse("--bind=a=b").get("--bind"));
        assertEquals(Optional.empty(), parse().get("--bind"));
    }

    @Test
    void aValueMayLookLikeAnOption() throws UsageError {
        assertEquals(Optional.of("--once"), parse("--bind", "--once").get("--bind"));
    }

    @Test
    void repeatableOptionsKeepTheirOrder() throws UsageError {
        assertEquals(List.of("7", "9"), parse("--echo", "7", "--echo=9").all("--echo"));
        assertEquals(List.of(), parse().all("--echo"));
    }

    @Test
    void flagsAreThereOrNot() throws UsageError {
        assertTrue(parse("--once").has("--once"));
        assertFalse(parse().has("--once"));
    }

    @Test
    void whatIsWrongIsNamedTogetherWithWhatWouldBeRight() {
        complains("serve has no option '--bidn'; did you mean '--bind'? ('serve --help' lists them)", "--bidn", "x");
        complains("serve has no option '--x' ('serve --help' lists them)", "--x");
        complains("--bind needs a value: --bind ADDRESS", "--bind");
        complains("--bind needs a value: --bind ADDRESS", "--bind=");
        complains("--bind was given twice ('a' and 'b'); give it once", "--bind", "a", "--bind", "b");
        complains("--once was given twice; give it once", "--once", "--once");
        complains("--once takes no value, and was given 'yes'", "--once=yes");
        complains("serve takes options only, and '7' is none", "--once", "7");
        complains("serve takes options only, and 'echo' is none; did you mean '--echo'?", "echo");
    }

    private static Arguments parse(String... arguments) throws UsageError {
        return Arguments.parse("serve", OPTIONS, List.of(arguments));
    }

    private static void complains(String message, String... arguments) {
        assertEquals(message, assertThrows(UsageError.class, () -> parse(arguments)).getMessage());
    }
}
