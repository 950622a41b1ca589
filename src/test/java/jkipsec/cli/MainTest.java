package jkipsec.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
    @Test
    void anUnknownCommandIsAUsageErrorThatNamesTheNearest() {
        var run = CommandLine.run("srve");
        assertEquals(2, run.status());
        assertEquals("jkipsec: there is no command 'srve'; did you mean 'serve'? (commands: demo, serve, connect,"
                + " probe, key, bench, help)\n", run.err());
        assertEquals("", run.out());
    }

    @Test
    void aCommandLikeNoOtherGetsNoSuggestion() {
        var run = CommandLine.run("frobnicate");
        assertTrue(run.err().startsWith("jkipsec: there is no command 'frobnicate' (commands:"), run.err());
    }

    @Test
    void anUnknownOptionIsAUsageErrorThatNamesTheNearest() {
        var run = CommandLine.run("serve", "--bnid", "127.0.0.1");
        assertEquals(2, run.status());
        assertEquals("jkipsec: serve has no option '--bnid'; did you mean '--bind'? ('serve --help' lists them)\n",
                run.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"help", "--help", "-h"})
    void helpListsEveryCommand(String help) {
        var run = CommandLine.run(help);
        assertEquals(0, run.status());
        for (Command command : Main.commands()) {
            assertTrue(run.out().contains("  " + command.name() + " "), command.name());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "serve", "connect", "probe", "key", "bench"})
    void everyCommandExplainsItselfAndAllItsOptionsWithin80Columns(String name) {
        var run = CommandLine.run(name, "--help");
        assertEquals(0, run.status());
        assertEquals(run.out(), CommandLine.run("help", name).out());
        assertTrue(run.out().startsWith("usage: jkipsec " + name));
        assertAll(run.out().lines().map(line -> () -> assertTrue(line.length() <= 80, line)));
        Command command = Main.commands().stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
        for (Option option : command.options()) {
            assertTrue(run.out().contains("\n  " + option.usage()), option.name());
        }
    }

    @Test
    void helpAboutAnUnknownCommandIsAUsageError() {
        assertEquals(2, CommandLine.run("help", "dmo").status());
    }

    @Test
    void theVersionNamesTheProgramAndTheJava() {
        var run = CommandLine.run("--version");
        assertEquals(0, run.status());
        assertTrue(run.out().startsWith("jkipsec") && run.out().contains("Java " + Runtime.version()), run.out());
    }
}
